"""What Asterisk tells beyond the record: whatever was lost of a call, the history that remains has no gap."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from telephony.asterisk.ari_events import CallerId, Channel, Dialplan
from telephony.asterisk.world import Bridge, World
from telephony.events import AssignmentMoved, ContactArrived, ContactMoved, Fact, LegMoved, NodeEntered
from telephony.ledger import Ledger, Point
from telephony.ticket import Errand, Ticket
from telephony.witness import complete, unexplained
from tests.playbook.evidence import Evidence, Told
from tests.playbook.invariants import every_move_is_legal
from tests.playbook.places import every_caller_is_told_once

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = NINE + timedelta(minutes=3)
TICKET = Ticket("c", "i", "sales", 7, NINE)
ERRAND = Errand("agent", "c", "i", "sales", "7", NINE.isoformat(), "a", "ana")


def caller(app_data: str = "throughline,inbound,1000") -> Channel:
    return Channel("ada", "", "Up", CallerId("Ada", "+491"), Dialplan(app_name="Stasis", app_data=app_data))


def leg(state: str = "Up", id: str = "leg") -> Channel:
    return Channel(id, state=state, dialplan=Dialplan(app_name="Stasis", app_data=",".join(("throughline", *ERRAND))))


def world(*bridges: Bridge, channels: Sequence[Channel] = (caller(),)) -> World:
    return World("throughline", NINE, {each.id: each for each in channels}, {each.id: each for each in bridges})


WAITS = world(Bridge("h", "holding default", "holding", ("ada",)))
TALKS = world(Bridge("join-c", "join", "mixing", ("ada", "leg")), channels=(caller(), leg()))


def stands(dialled: str, queue: str, told: Point | None) -> Point | None:
    at_it = told is not None and told.node == queue and not told.exit
    return None if at_it else Point("welcome", "r", queue)


def arrived() -> list[Fact]:
    return [
        ContactArrived(interaction_id="i", contact_id="c", medium="voice", address="1000", customer="+491"),
        LegMoved(interaction_id="i", leg_id="ada", contact_id="c", party="caller", was="", now="ringing"),
        NodeEntered(
            interaction_id="i",
            contact_id="c",
            flow="welcome",
            revision="r",
            node="menu",
            attempt=1,
            variables={"x": "y"},
        ),
    ]


def moved(was: str, now: str, queue: str = "sales", sequence: int = 7) -> Fact:
    return ContactMoved(interaction_id="i", contact_id="c", was=was, now=now, queue=queue, sequence=sequence)


def part(was: str, now: str, id: str = "a", agent: str = "ana", contact: str = "c") -> Fact:
    return AssignmentMoved(
        interaction_id="i",
        assignment_id=id,
        contact_id=contact,
        agent=agent,
        queue="sales",
        medium="voice",
        was=was,
        now=now,
    )


def agents_leg(id: str = "leg") -> Fact:
    return LegMoved(interaction_id="i", leg_id=id, contact_id="c", party="agent", was="", now="dialing")


WHOLE = [*arrived(), moved("arrived", "queued"), part("", "offered"), moved("queued", "offered"), agents_leg()]


def ledger_of(facts: Sequence[Fact]) -> Ledger:
    ledger = Ledger()
    for number, fact in enumerate(facts, 1):
        ledger.follow(fact, NINE, number)
    return ledger


def completed(facts: Sequence[Fact], world: World) -> tuple[Ledger, list[Fact]]:
    """What becomes of the ledger, and the whole history; it has no gap, and was told once."""
    ledger = ledger_of(facts)
    known = dict.fromkeys(unexplained(deepcopy(ledger), world), TICKET)
    whole = [*facts, *complete(ledger, world, known, stands, NOW)]
    evidence = Evidence([Told(float(number), fact) for number, fact in enumerate(whole)], {})
    assert [*every_move_is_legal(evidence), *every_caller_is_told_once(evidence)] == []
    return ledger, whole


@pytest.mark.parametrize("kept", range(len(WHOLE) + 1))
def test_of_who_talks_any_end_of_her_history_may_be_lost(kept: int) -> None:
    ledger, whole = completed(WHOLE[:kept], TALKS)
    (visit,), (offer,) = ledger.visits.values(), ledger.parts.values()
    assert (visit.state, visit.queue, visit.sequence, visit.leg, visit.address) == (
        "offered",
        "sales",
        7,
        "ada",
        "1000",
    )
    assert (offer.id, offer.agent, offer.leg, offer.state) == ("a", "ana", "leg", "offered")
    assert kept < len(WHOLE) or whole == WHOLE


@pytest.mark.parametrize("kept", range(5))
def test_of_who_waits_any_end_of_her_history_may_be_lost(kept: int) -> None:
    ledger, _ = completed(WHOLE[:kept], WAITS)
    (visit,) = ledger.visits.values()
    assert (visit.state, visit.queue, visit.sequence) == ("queued", "sales", 7)
    assert (visit.arrived_at, visit.customer) == (NINE, "+491")
    assert visit.point
    assert (visit.point.node if kept < 4 else "sales") == "sales"
    assert ledger.highest == 7


def test_where_she_was_told_to_be_the_words_of_her_flow_are_kept() -> None:
    _, whole = completed(arrived(), WAITS)
    assert [fact.node for fact in whole if isinstance(fact, NodeEntered)] == ["menu", "sales"]


def test_an_offer_that_was_told_and_one_that_was_not() -> None:
    before = [*WHOLE[:4], part("", "offered", "b", "bruno"), moved("queued", "offered"), agents_leg("other")]
    ledger, _ = completed(before, TALKS)
    assert [each.id for each in ledger.parts.values()] == ["a"]


def test_a_talk_that_was_told_is_over_when_another_queue_has_her() -> None:
    before = [*WHOLE, part("offered", "accepted"), moved("offered", "connected"), part("accepted", "active")]
    ledger = ledger_of(before)
    later = {"ada": Ticket("c", "i", "support", 7, NINE)}
    complete(ledger, WAITS, later, stands, NOW)
    (visit,), (talk,) = ledger.visits.values(), ledger.parts.values()
    assert (visit.state, visit.queue, talk.state) == ("queued", "support", "wrap_up")


def test_an_agent_who_talks_to_the_next_has_ended_her_talk_before() -> None:
    earlier = [part("", "offered", "z", contact="d"), part("offered", "accepted", "z", contact="d")]
    ledger, _ = completed(earlier, TALKS)
    assert {each.id: each.state for each in ledger.parts.values()} == {"z": "wrap_up", "a": "offered"}


def test_a_leg_that_was_never_rung_tells_nothing() -> None:
    ledger, _ = completed(
        [], world(Bridge("join-c", "join", "mixing", ("ada", "leg")), channels=(caller(), leg("Down")))
    )
    assert (list(ledger.parts), [each.state for each in ledger.visits.values()]) == ([], ["queued"])


@pytest.mark.parametrize(
    "facts",
    [
        WHOLE[:4],
        [*WHOLE[:4], moved("queued", "arrived")],
        [*arrived(), moved("arrived", "closed")],
    ],
    ids=["waits", "has left the queue and stands in its bridge still", "is being hung up"],
)
def test_of_whom_the_record_knows_all_nobody_is_asked(facts: list[Fact]) -> None:
    assert unexplained(ledger_of(facts), WAITS) == []


def test_who_has_no_ticket_and_no_agent_is_a_stranger() -> None:
    ledger = Ledger()
    assert complete(ledger, world(), {}, stands, NOW) == []
    assert ledger.visits == {}


def test_a_ticket_of_an_earlier_visit_is_not_hers() -> None:
    ledger = ledger_of(arrived())
    assert complete(ledger, WAITS, {"ada": Ticket("earlier", "i", "sales", 7, NINE)}, stands, NOW) == []
