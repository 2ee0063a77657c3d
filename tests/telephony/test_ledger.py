"""The ledger holds what goes on and nothing else, whatever facts come; a summary gives it back without a word."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from telephony.events import (
    AssignmentMoved,
    ContactMoved,
    Fact,
    LegMoved,
    NodeEntered,
    NodeLeft,
    PresenceChanged,
    ReachabilityChanged,
    SeatChanged,
)
from telephony.ledger import Ledger, seconds_since
from tests.bridge.facts_of_calls import a_call, any_fact

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def after(facts: list[Fact], ledger: Ledger | None = None) -> Ledger:
    """A ledger that has followed these, one a second from nine o'clock on."""
    ledger = ledger or Ledger()
    for number, fact in enumerate(facts, start=1):
        ledger.follow(fact, NINE + timedelta(seconds=number), number)
    return ledger


def until(call: list[Fact], kind: type[Fact], now: str) -> list[Fact]:
    """The facts of a call up to one of a kind that led to a state."""
    end = next(n for n, fact in enumerate(call) if isinstance(fact, kind) and getattr(fact, "now", "") == now)
    return call[: end + 1]


def test_a_whole_call_leaves_only_what_the_agent_is() -> None:
    ledger = after(a_call(agent="ana"))
    assert (ledger.visits, ledger.parts, ledger.matters) == ({}, {}, {})
    assert ledger.people["ana"].idle_since is not None


def test_who_waits_is_known_with_her_age_her_leg_and_her_place_in_the_flow() -> None:
    call = until(a_call(customer="+491", name="Ada"), ContactMoved, "queued")
    ledger = after(call)
    (visit,) = ledger.visits.values()
    assert (visit.state, visit.queue, visit.sequence, visit.customer) == ("queued", "sales", 7, "+491")
    assert visit.queued_at == NINE + timedelta(seconds=len(call))
    assert ledger.highest == 7


def test_an_offer_that_failed_takes_no_age_away() -> None:
    call = until(a_call(), ContactMoved, "queued")
    ledger = after(call)
    (visit,) = ledger.visits.values()
    since = visit.queued_at
    for was, now in (("queued", "offered"), ("offered", "queued")):
        ledger.follow(ContactMoved(contact_id=visit.id, was=was, now=now, queue="sales", sequence=7), NINE, 99)
    assert visit.queued_at == since


def test_an_agents_leg_belongs_to_the_one_who_is_offered_the_contact() -> None:
    call = until(a_call(), AssignmentMoved, "offered")
    ledger = after(call)
    (part,) = ledger.parts.values()
    ledger.follow(LegMoved(leg_id="phone", contact_id=part.contact_id, party="agent", was="", now="dialing"), NINE, 99)
    assert (part.leg, ledger.legs["phone"].state) == ("phone", "dialing")
    ledger.follow(
        LegMoved(leg_id="phone", contact_id=part.contact_id, party="agent", was="dialing", now="ended"), NINE, 99
    )
    assert "phone" not in ledger.legs


def test_a_node_that_was_left_is_not_entered_again() -> None:
    ledger = after(until(a_call(), ContactMoved, "connected"))
    (visit,) = ledger.visits.values()
    entered = NodeEntered(contact_id=visit.id, flow="main", revision="r", node="menu", attempt=2, variables={"a": "b"})
    ledger.follow(entered, NINE, 50)
    assert visit.point is not None
    assert (visit.point.node, visit.point.attempt, visit.point.exit) == ("menu", 2, "")
    ledger.follow(NodeLeft(contact_id=visit.id, flow="main", node="menu", exit="1"), NINE, 51)
    assert visit.point.exit == "1"


def test_who_was_served_leaves_the_queue_by_that_exit_even_if_nothing_more_was_told() -> None:
    ledger = after(until(a_call(), ContactMoved, "connected"))
    (visit,) = ledger.visits.values()
    ledger.follow(
        NodeEntered(contact_id=visit.id, flow="f", revision="r", node="sales", attempt=1, variables={}), NINE, 50
    )
    ledger.follow(ContactMoved(contact_id=visit.id, was="connected", now="arrived", reason="the agent left"), NINE, 51)
    assert visit.point is not None
    assert (visit.point.exit, visit.served) == ("served", True)


def test_agents_are_remembered() -> None:
    ledger = after(
        [
            ReachabilityChanged(agent="ana", reachable=True),
            PresenceChanged(agent="ana", was="available", now="away", reason="dialled *2"),
            SeatChanged(agent="ana", phone="bruno"),
        ]
    )
    ana = ledger.people["ana"]
    assert (ana.presence, ana.reason, ana.phone, ana.trouble) == ("away", "dialled *2", "bruno", "")
    assert ana.stands_since == NINE + timedelta(seconds=2)
    ledger.follow(SeatChanged(agent="ana", phone="ana"), NINE, 9)
    assert ana.phone == ""


def test_a_summary_holds_no_word_of_a_customer_and_can_be_filled_again() -> None:
    call = until(a_call(customer="+4930", name="Ada Lovelace"), ContactMoved, "queued")
    ledger = after(call)
    (visit,) = ledger.visits.values()
    ledger.follow(
        NodeEntered(contact_id=visit.id, flow="f", revision="r", node="n", attempt=1, variables={"v": "Ada"}), NINE, 50
    )
    text = ledger.summary()
    assert b"Ada" not in text
    assert b"4930" not in text
    again = msgspec.json.decode(text, type=Ledger)
    assert again != ledger
    assert set(again.words()) == {visit.told, 50}
    again.fill({visit.told: {"customer": "+4930", "customer_name": "Ada Lovelace"}, 50: {"variables": {"v": "Ada"}}})
    assert again == ledger


@given(
    st.lists(any_fact(st.sampled_from(["a", "b", "ended", "offered", "queued", "connected", "closed"])), max_size=40)
)
def test_whatever_comes_it_can_be_kept(facts: list[Fact]) -> None:
    ledger = after(facts)
    assert msgspec.json.decode(msgspec.json.encode(ledger), type=Ledger) == ledger
    assert msgspec.json.decode(ledger.summary(), type=Ledger).words() == ledger.words()


def test_a_clock_that_was_set_back_makes_nobody_wait_less_than_nothing() -> None:
    assert seconds_since(NINE, NINE + timedelta(seconds=5)) == 5
    assert seconds_since(NINE, NINE - timedelta(hours=1)) == 0
    assert seconds_since(None, NINE) == 0
