"""A story is told in plain words from whatever the record holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.journal import Entry
from bridge.timeline import tell
from telephony.events import (
    AssignmentMoved,
    CallCutOff,
    ContactArrived,
    ContactMoved,
    Fact,
    IllegalMove,
    LegMoved,
    LegQuality,
    NodeLeft,
)
from tests.bridge.facts_of_calls import FACTS, a_call, a_caller_unserved

BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = sorted({field.name for kind in FACTS for field in msgspec.structs.fields(kind)})


def recorded(facts: Sequence[Fact]) -> list[Entry]:
    """Facts as they are read back, half a second apart."""
    return [_entry(number, fact) for number, fact in enumerate(facts)]


def _entry(number: int, fact: Fact) -> Entry:
    body: dict[str, Any] = msgspec.to_builtins(fact)
    contents = {name: body.pop(name) for name in fact.contents}
    at = (BEGIN + timedelta(seconds=number / 2)).isoformat()
    return Entry(number + 1, at, body.pop("type"), body.pop("interaction_id"), body, contents)


def words(*facts: Fact) -> list[str]:
    return [line.text for line in tell(recorded(facts))]


def contact_moved(was: str, now: str, reason: str = "") -> Fact:
    return ContactMoved(contact_id="c", was=was, now=now, reason=reason, queue="sales", sequence=4)


def assignment_moved(was: str, now: str, reason: str = "") -> Fact:
    return AssignmentMoved(
        assignment_id="a",
        contact_id="c",
        agent="ana",
        queue="sales",
        medium="voice",
        was=was,
        now=now,
        reason=reason,
    )


def leg_moved(party: str, now: str, reason: str = "") -> Fact:
    return LegMoved(leg_id="l", contact_id="c", party=party, was="dialing", now=now, reason=reason)


def test_a_call_is_told_from_its_first_ring_to_its_last_work() -> None:
    assert words(*a_call()) == [
        "Ada +4930123456 reached 1000 by voice",
        "the call is answered",
        "flow welcome: menu",
        "waits in the queue sales",
        "is offered to ana after 2.0 s, at position 1, by longest_idle",
        "ana answered",
        "talks with the agent",
        "contact closed: the caller hung up",
        "ana is wrapping up",
        "the caller's leg ended: normal",
        "ana is done",
        "interaction closed: nothing goes on in it",
    ]


def test_a_pick_is_explained_by_all_who_were_weighed() -> None:
    (pick,) = [line for line in tell(recorded(a_call())) if line.because]
    assert pick.because == ("ana: idle longest (picked)", "bruno: her phone is away")


def test_seconds_are_counted_from_the_first_line() -> None:
    lines = tell(recorded([leg_moved("nobody", "up"), *a_call()]))
    assert (lines[0].at, lines[0].after) == (BEGIN + timedelta(seconds=0.5), 0.0)
    assert all(line.after == (line.at - lines[0].at).total_seconds() for line in lines)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (contact_moved("offered", "queued", "unanswered"), "goes on waiting in sales, age kept"),
        (contact_moved("queued", "arrived", "timed_out"), "left the queue sales: timed_out"),
        (contact_moved("connected", "arrived", "the agent left"), "is alone again: the agent left"),
        (contact_moved("queued", "abandoned", "the caller hung up"), "gave up: the caller hung up"),
        (assignment_moved("offered", "refused", "busy"), "ana did not take it (busy)"),
        (assignment_moved("offered", "unanswered"), "ana did not answer"),
        (
            assignment_moved("offered", "withdrawn", "the caller hung up"),
            "the offer to ana was withdrawn: the caller hung up",
        ),
        (assignment_moved("active", "held"), "ana put the call on hold"),
        (leg_moved("agent", "ringing"), "the agent's phone rings"),
        (NodeLeft(contact_id="c", flow="welcome", node="menu", exit="1"), "flow welcome: menu left by 1"),
        (
            CallCutOff(contact_id="c", state="queued", queue="sales"),
            "was cut off while she waited in sales: she may want to be called back",
        ),
        (
            CallCutOff(contact_id="c", state="arrived"),
            "was cut off in the menu: she may want to be called back",
        ),
        (CallCutOff(contact_id="c", state="later"), "was cut off: she may want to be called back"),
        (
            a_caller_unserved(customer="0301234"),
            "0301234 reached 1000 while nobody was in control, and was turned away",
        ),
        (
            IllegalMove(concept="ContactState", id="c", was="closed", asked="queued"),
            "a bug of ours: ContactState was asked to go from closed to queued",
        ),
    ],
)
def test_each_turn_has_its_words(fact: Fact, text: str) -> None:
    assert words(fact) == [text]


def test_a_caller_without_name_and_number_is_somebody_unknown() -> None:
    assert words(ContactArrived(contact_id="c", medium="voice", address="1000", customer="")) == [
        "somebody unknown reached 1000 by voice"
    ]


@pytest.mark.parametrize(
    ("mos", "round_trip", "told"),
    [
        (2.94, 0.3, ["the caller's line was poor (MOS 2.9): 12% of the packets lost, 300 ms there and back"]),
        (3.59, None, ["the caller's line was poor (MOS 3.6): 12% of the packets lost"]),
        (3.6, 0.3, []),
        (None, None, []),
    ],
)
def test_a_line_is_told_of_only_where_it_was_poor(mos: float | None, round_trip: float | None, told: list[str]) -> None:
    quality = LegQuality(
        leg_id="l",
        contact_id="c",
        party="caller",
        received=500,
        sent=500,
        loss=0.12,
        jitter=0.001,
        loss_there=None,
        jitter_there=None,
        round_trip=round_trip,
        mos=mos,
    )
    assert words(quality) == told


def test_a_story_whose_contents_were_erased_is_still_told() -> None:
    erased = [replace(entry, contents={}) for entry in recorded(a_call())]
    assert [line.text for line in tell(erased)] == ["somebody unknown reached 1000 by voice", *words(*a_call())[1:]]


def test_a_name_is_no_format_and_stays_as_it_came() -> None:
    assert words(*a_call(name="{agent} %s [bold]\n"))[0] == "{agent} %s [bold]\n +4930123456 reached 1000 by voice"


@pytest.mark.parametrize(
    "body",
    [
        {"chosen": "ana"},
        {"agent": "ana", "waited": "long", "position": 1, "strategy": "s", "considered": []},
        {"agent": "ana", "waited": 10**400, "position": 1, "strategy": "s", "considered": []},
        {"agent": "ana", "waited": 1.0, "position": 1, "strategy": "s", "considered": ["ana"]},
    ],
)
def test_a_fact_of_another_versions_shape_is_told_by_its_type(body: dict[str, Any]) -> None:
    strange = Entry(1, BEGIN.isoformat(), "AgentPicked", "i", body, {})
    assert [line.text for line in tell([strange])] == ["AgentPicked, which another version recorded in its own way"]


def test_a_type_of_a_later_version_is_left_out() -> None:
    assert tell([Entry(1, BEGIN.isoformat(), "CustomerMerged", "i", {}, {})]) == []


@given(kind=st.sampled_from(FACTS), body=st.dictionaries(st.sampled_from(NAMES), JSON) | JSON, contents=JSON)
def test_nothing_that_the_record_holds_keeps_a_story_from_being_told(
    kind: type[Fact], body: Any, contents: Any
) -> None:
    odd = Entry(1, BEGIN.isoformat(), kind.__name__, "i", body, contents)
    lines = tell([odd, *recorded(a_call())])
    assert [line.text for line in lines][-12:] == words(*a_call())
