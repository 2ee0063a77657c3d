"""Machines move in one place: an allowed move is made and told, a forbidden one changes nothing and is told as well."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from telephony import agent, assignment, contact, leg
from telephony.agent import Agent, Presence
from telephony.assignment import Assignment, AssignmentState
from telephony.contact import ContactState, Medium
from telephony.events import AssignmentMoved, ContactMoved, IllegalMove, LegMoved, PresenceChanged, ReachabilityChanged
from telephony.leg import Leg, LegEnd, LegState, Party
from telephony.record import Record
from tests.fakes.surface import Told, a_contact


def an_assignment() -> Assignment:
    return Assignment("a1", "c1", "i-c1", "ana", "sales", Medium.VOICE)


def a_leg() -> Leg:
    return Leg("l1", Party.AGENT, "c1", "i-c1")


def an_agent() -> Agent:
    return Agent("ana", "Ana", frozenset({"sales"}))


@dataclass(frozen=True)
class Concept:
    """One of the machines that Record moves, and the method that moves it."""

    make: Callable[[], Any]
    states: type[StrEnum]
    table: Any
    move: Callable[[Record], Callable[..., bool]]
    field: str = "state"


CONCEPTS = [
    Concept(a_contact, ContactState, contact.TRANSITIONS, lambda record: record.contact),
    Concept(an_assignment, AssignmentState, assignment.TRANSITIONS, lambda record: record.assignment),
    Concept(a_leg, LegState, leg.TRANSITIONS, lambda record: record.leg),
    Concept(an_agent, Presence, agent.TRANSITIONS, lambda record: record.presence, "presence"),
]
MOVES = [
    pytest.param(concept, was, to, id=f"{concept.states.__name__}: {was} to {to}")
    for concept in CONCEPTS
    for was, to in product(concept.states, concept.states)
]


@pytest.mark.parametrize(("concept", "was", "to"), MOVES)
async def test_a_move(concept: Concept, was: StrEnum, to: StrEnum) -> None:
    told, it = Told(), concept.make()
    setattr(it, concept.field, was)
    allowed = to in concept.table[was]
    before = repr(it)

    assert concept.move(Record(told))(it, to) is allowed

    (fact,) = told.facts
    if allowed:
        assert getattr(it, concept.field) is to
        assert (getattr(fact, "was", None), getattr(fact, "now", None)) == (was, to)
    else:
        assert repr(it) == before
        assert isinstance(fact, IllegalMove)
        assert (fact.concept, fact.was, fact.asked) == (concept.states.__name__, was, to)


def test_a_forbidden_move_is_told_with_whom_it_concerned() -> None:
    told, call = Told(), a_contact()
    Record(told).contact(call, ContactState.CONNECTED)
    assert told.facts == [
        IllegalMove(interaction_id="i-c1", concept="ContactState", id="c1", was="arrived", asked="connected")
    ]


def test_a_contact_s_move_is_told_with_its_queue_its_age_and_the_reason() -> None:
    told, call = Told(), a_contact()
    call.queue, call.sequence = "sales", 7
    Record(told).contact(call, ContactState.QUEUED, "pressed 1")
    assert told.facts == [
        ContactMoved(
            interaction_id="i-c1",
            contact_id="c1",
            was="arrived",
            now="queued",
            reason="pressed 1",
            queue="sales",
            sequence=7,
        )
    ]


def test_an_assignment_is_told_from_its_beginning() -> None:
    told, part = Told(), an_assignment()
    record = Record(told)
    record.assignment_began(part)
    record.assignment(part, AssignmentState.REFUSED, "busy")
    ids = {"interaction_id": "i-c1", "assignment_id": "a1", "contact_id": "c1"}
    part_of = {"agent": "ana", "queue": "sales", "medium": "voice"}
    assert told.facts == [
        AssignmentMoved(**ids, **part_of, was="", now="offered"),
        AssignmentMoved(**ids, **part_of, was="offered", now="refused", reason="busy"),
    ]


async def test_a_leg_is_told_from_its_beginning_and_wakes_who_waits_for_it() -> None:
    told, phone = Told(), a_leg()
    record = Record(told)
    record.leg_began(phone)
    record.leg(phone, LegState.UP)
    assert (phone.up.done(), phone.ended.done()) == (True, False)
    record.leg(phone, LegState.ENDED, LegEnd.NORMAL)
    assert (phone.ended.done(), phone.end) == (True, LegEnd.NORMAL)
    ids = {"interaction_id": "i-c1", "leg_id": "l1", "contact_id": "c1", "party": "agent"}
    assert told.facts == [
        LegMoved(**ids, was="", now="dialing"),
        LegMoved(**ids, was="dialing", now="up"),
        LegMoved(**ids, was="up", now="ended", reason="normal"),
    ]


async def test_a_leg_that_is_taken_up_again_is_up_without_another_answer() -> None:
    phone, record = a_leg(), Record(Told())
    assert all(record.leg(phone, to) for to in (LegState.UP, LegState.HELD, LegState.UP, LegState.ENDED))


async def test_a_leg_that_ends_unanswered_was_never_up() -> None:
    phone = a_leg()
    Record(Told()).leg(phone, LegState.ENDED, LegEnd.NO_ANSWER)
    assert (phone.up.done(), phone.ended.done()) == (False, True)


def test_an_agent_s_presence_and_reachability_are_told_apart() -> None:
    told, ana = Told(), an_agent()
    record = Record(told)
    record.presence(ana, Presence.AWAY, "lunch")
    record.reachability(ana, "")
    assert (ana.presence, ana.reachable) == (Presence.AWAY, True)
    assert told.facts == [
        PresenceChanged(agent="ana", was="available", now="away", reason="lunch"),
        ReachabilityChanged(agent="ana", reachable=True),
    ]
