"""What is counted of calls, from their facts alone."""

import pytest
from prometheus_client import CollectorRegistry

from bridge.telemetry.counting import Counting
from telephony.events import AssignmentMoved, ContactArrived, ContactMoved, Fact, IllegalMove, LegMoved, LegQuality
from tests.bridge.facts_of_calls import a_call, a_call_cut_off, a_caller_unserved
from tests.fakes.clock import VirtualClock, on_virtual_time


class Counted:
    """A registry, and what it has counted."""

    def __init__(self) -> None:
        self._registry, self.clock = CollectorRegistry(), VirtualClock()
        self.counting = Counting(self._registry, self.clock)

    def follow(self, *facts: Fact) -> None:
        for fact in facts:
            self.counting.follow(fact)

    def of(self, name: str, **labels: str) -> float | None:
        return self._registry.get_sample_value(f"throughline_{name}", labels)


@pytest.fixture
def counted() -> Counted:
    return Counted()


ARRIVED = ContactArrived(contact_id="c", medium="voice", address="1000", customer="")


def moved(was: str, now: str, queue: str = "sales") -> Fact:
    return ContactMoved(contact_id="c", was=was, now=now, queue=queue, sequence=1)


def offer(now: str, reason: str = "") -> Fact:
    return AssignmentMoved(
        assignment_id="a",
        contact_id="c",
        agent="ana",
        queue="sales",
        medium="voice",
        was="offered",
        now=now,
        reason=reason,
    )


@on_virtual_time
async def test_a_served_call_is_counted_once(counted: Counted) -> None:
    counted.follow(*a_call())
    assert counted.of("contacts_arrived_total", medium="voice") == 1
    assert counted.of("contacts_active", medium="voice") == 0
    assert counted.of("contacts_ended_total", medium="voice", outcome="served") == 1
    assert counted.of("offers_total", queue="sales", result="accepted") == 1
    assert counted.of("queue_wait_seconds_count", queue="sales", outcome="answered") == 1
    assert counted.of("facts_total", type="ContactArrived") == 1


@pytest.mark.parametrize(
    ("last", "outcome"),
    [(moved("queued", "abandoned"), "abandoned"), (moved("arrived", "closed"), "closed")],
)
@pytest.mark.parametrize("waited", [True, False])
def test_who_was_not_served_ended_otherwise(counted: Counted, last: Fact, outcome: str, waited: bool) -> None:
    @on_virtual_time
    async def act() -> None:
        counted.follow(ARRIVED, *([moved("arrived", "queued")] if waited else []), last)

    act()
    assert counted.of("contacts_ended_total", medium="voice", outcome=outcome) == 1


@on_virtual_time
async def test_a_wait_goes_on_through_offers_that_fail(counted: Counted) -> None:
    counted.follow(ARRIVED, moved("arrived", "queued"))
    await counted.clock.sleep(20)
    counted.follow(moved("queued", "offered"), moved("offered", "queued"))
    await counted.clock.sleep(20)
    counted.follow(moved("queued", "offered"), moved("offered", "connected"))
    assert counted.of("queue_wait_seconds_sum", queue="sales", outcome="answered") == 40


@pytest.mark.parametrize(
    ("fact", "result"),
    [
        (offer("refused", "busy"), "busy"),
        (offer("refused", "refused"), "refused"),
        (offer("refused", "words of nobody knows whom"), "refused"),
        (offer("unanswered", "unanswered"), "unanswered"),
        (offer("withdrawn", "the caller hung up"), "withdrawn"),
    ],
)
def test_offers_are_counted_by_what_became_of_them(counted: Counted, fact: Fact, result: str) -> None:
    counted.follow(fact)
    assert counted.of("offers_total", queue="sales", result=result) == 1


@on_virtual_time
async def test_the_time_from_answer_to_talk_is_measured(counted: Counted) -> None:
    leg = LegMoved(leg_id="l", contact_id="c", party="agent", was="ringing", now="up")
    counted.follow(ARRIVED, moved("arrived", "queued"), leg)
    await counted.clock.sleep(0.02)
    counted.follow(moved("offered", "connected"))
    assert counted.of("answer_to_talk_seconds_sum") == pytest.approx(0.02)


@on_virtual_time
async def test_bugs_and_bad_lines_are_counted(counted: Counted) -> None:
    sound = {"received": 1, "sent": 1, "loss": 0.1, "jitter": 0.0, "loss_there": None, "jitter_there": None}
    legs = [
        LegQuality(leg_id="l", contact_id="c", party="caller", round_trip=None, mos=mos, **sound)  # type: ignore[arg-type]
        for mos in (3.3, 4.4, None)
    ]
    counted.follow(IllegalMove(concept="Contact", id="c", was="closed", asked="queued"), *legs)
    assert counted.of("illegal_moves_total", concept="Contact") == 1
    assert counted.of("leg_mos_count", party="caller") == 2
    assert counted.of("leg_mos_bucket", party="caller", le="3.6") == 1


@on_virtual_time
async def test_who_was_cut_off_or_turned_away_is_counted_by_where_she_was(counted: Counted) -> None:
    counted.follow(*a_call_cut_off(), a_caller_unserved(), a_caller_unserved())
    assert counted.of("callers_cut_off_total", state="queued") == 1
    assert counted.of("callers_cut_off_total", state="unserved") == 2
    assert counted.of("contacts_active", medium="voice") == 0
