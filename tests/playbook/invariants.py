"""What must hold after every scenario, whatever happened in it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec.structs import asdict

from bridge import interaction
from telephony import agent, assignment, contact, leg
from telephony.assignment import AssignmentState
from telephony.contact import ContactState
from telephony.events import (
    AssignmentMoved,
    ContactArrived,
    ContactMoved,
    Fact,
    IllegalMove,
    InteractionMoved,
    InteractionOpened,
    LegMoved,
    PresenceChanged,
)
from tests.playbook.evidence import Evidence
from tests.playbook.idleness import idle_agents
from tests.playbook.places import (
    every_caller_is_told_once,
    nobody_begins_anew,
    the_first_is_served_first,
    waits_are_counted_from_their_beginning,
)

Judge = Callable[[Evidence], Iterator[str]]

LONGEST_STRAY_RING: Final = 0.5
_UNTOLD: Final = {"interaction_id", "medium", "variables", "considered", "revision"}
_TALKING: Final = {AssignmentState.ACCEPTED, AssignmentState.ACTIVE}


def check(evidence: Evidence) -> None:
    """Raises AssertionError with everything that is wrong."""
    wrong = [f"{judge.__name__}: {what}" for judge in JUDGES for what in judge(evidence)]
    assert not wrong, "\n".join(["These must hold and do not:", *wrong, "What was told:", *_story(evidence)])


def every_move_is_legal(evidence: Evidence) -> Iterator[str]:
    """Each history follows its table without a gap."""
    yield from _illegal(evidence, ContactMoved, "contact_id", contact.TRANSITIONS, ContactState.ARRIVED)
    yield from _illegal(evidence, AssignmentMoved, "assignment_id", assignment.TRANSITIONS, None)
    yield from _illegal(evidence, LegMoved, "leg_id", leg.TRANSITIONS, None)
    yield from _illegal(evidence, InteractionMoved, "interaction_id", interaction.TRANSITIONS, None)
    yield from _illegal(evidence, PresenceChanged, "agent", agent.TRANSITIONS, None)


def no_illegal_move_was_asked(evidence: Evidence) -> Iterator[str]:
    """Nothing was even asked for that a table forbids."""
    for told in evidence.facts:
        if isinstance(told.fact, IllegalMove):
            yield f"{told.fact.concept} {told.fact.id}: {told.fact.was} to {told.fact.asked} at {told.at:.3f}"


def every_contact_ends(evidence: Evidence) -> Iterator[str]:
    """Who reached us is closed or abandoned in the end."""
    states = {told.fact.contact_id: "arrived" for told in evidence.facts if isinstance(told.fact, ContactArrived)}
    for told in evidence.facts:
        if isinstance(told.fact, ContactMoved):
            states[told.fact.contact_id] = told.fact.now
    yield from (f"{id} is {state}" for id, state in states.items() if contact.TRANSITIONS[ContactState(state)])


def every_assignment_ends(evidence: Evidence) -> Iterator[str]:
    """Nobody's part in a contact goes on."""
    states = {t.fact.assignment_id: t.fact for t in evidence.facts if isinstance(t.fact, AssignmentMoved)}
    for last in states.values():
        if assignment.TRANSITIONS[AssignmentState(last.now)]:
            yield f"{last.agent} is {last.now} in {last.contact_id}"


def every_leg_ends(evidence: Evidence) -> Iterator[str]:
    """No leg is left open in the record."""
    last = {told.fact.leg_id: told.fact for told in evidence.facts if isinstance(told.fact, LegMoved)}
    yield from (f"the {leg.party}'s leg {leg.leg_id} is {leg.now}" for leg in last.values() if leg.now != "ended")


def one_offer_per_contact(evidence: Evidence) -> Iterator[str]:
    """A contact is offered to one agent at a time."""
    yield from _together(evidence, {AssignmentState.OFFERED}, lambda fact: fact.contact_id)


def one_talk_per_agent(evidence: Evidence) -> Iterator[str]:
    """An agent talks to one customer at a time."""
    yield from _together(evidence, _TALKING, lambda fact: fact.agent)


def age_is_kept(evidence: Evidence) -> Iterator[str]:
    """The place in the order of arrivals never changes."""
    ages: dict[str, set[int]] = defaultdict(set)
    for told in evidence.facts:
        if isinstance(told.fact, ContactMoved) and told.fact.sequence is not None:
            ages[told.fact.contact_id].add(told.fact.sequence)
    yield from (f"{id} had the places {sorted(places)}" for id, places in ages.items() if len(places) > 1)


def every_interaction_closes_once(evidence: Evidence) -> Iterator[str]:
    """A matter that was opened is closed, and only once."""
    closed: dict[str, int] = {}
    for told in evidence.facts:
        if isinstance(told.fact, InteractionOpened):
            closed[told.fact.interaction_id] = 0
        elif isinstance(told.fact, InteractionMoved) and told.fact.now == "closed":
            closed[told.fact.interaction_id] = closed.get(told.fact.interaction_id, 0) + 1
    yield from (f"{id} was closed {count} times" for id, count in closed.items() if count != 1)


def no_ring_outlives_its_caller(evidence: Evidence) -> Iterator[str]:
    """No phone rings for somebody who has left."""
    for ring in evidence.rings:
        until = evidence.departures.get(ring.contact, float("inf")) + LONGEST_STRAY_RING + evidence.grain
        if ring.ended is None or max(ring.began, ring.ended) > until:
            yield f"{ring.agent}'s phone, from {ring.began:.3f} to {ring.ended}; the caller left {until:.3f} at most"


def nobody_idles_while_somebody_waits(evidence: Evidence) -> Iterator[str]:
    """A fit agent and a contact of her queue find each other at once, unless a bounded reason holds that up."""
    yield from idle_agents(evidence)


def nothing_is_left(evidence: Evidence) -> Iterator[str]:
    """No channel, bridge, playback, leg, call or task of a call."""
    yield from evidence.left


def nothing_failed(evidence: Evidence) -> Iterator[str]:
    """No task ended by an exception, and no fact was refused by the store."""
    yield from evidence.failures


JUDGES: Final[tuple[Judge, ...]] = (
    every_move_is_legal,
    no_illegal_move_was_asked,
    every_contact_ends,
    every_assignment_ends,
    every_leg_ends,
    one_offer_per_contact,
    one_talk_per_agent,
    age_is_kept,
    every_interaction_closes_once,
    no_ring_outlives_its_caller,
    nobody_idles_while_somebody_waits,
    every_caller_is_told_once,
    the_first_is_served_first,
    waits_are_counted_from_their_beginning,
    nobody_begins_anew,
    nothing_is_left,
    nothing_failed,
)


def _illegal(
    evidence: Evidence, kind: Any, key: str, table: Mapping[Any, frozenset[Any]], first: StrEnum | None
) -> Iterator[str]:
    now: dict[str, str] = {}
    for told in evidence.facts:
        if isinstance(fact := told.fact, kind):
            id = getattr(fact, key)
            expected = now.get(id, first or fact.was)
            if fact.was != expected:
                yield f"{id} went from {fact.was} to {fact.now} at {told.at:.3f}, but was {expected}"
            elif fact.was and fact.now not in table[type(next(iter(table)))(fact.was)]:
                yield f"{id} went from {fact.was} to {fact.now} at {told.at:.3f}"
            now[id] = fact.now


def _together(evidence: Evidence, states: set[AssignmentState], key: Callable[[AssignmentMoved], str]) -> Iterator[str]:
    """Who has two assignments in these states at once."""
    held: dict[str, set[str]] = defaultdict(set)
    for told in evidence.facts:
        if isinstance(fact := told.fact, AssignmentMoved):
            mine = held[key(fact)]
            mine.add(fact.assignment_id) if fact.now in states else mine.discard(fact.assignment_id)
            if len(mine) > 1:
                yield f"{key(fact)} has {len(mine)} at {told.at:.3f}"


def _story(evidence: Evidence) -> Iterator[str]:
    for told in evidence.facts:
        yield f"{told.at:10.3f} {type(told.fact).__name__} {_words(told.fact)}"


def _words(fact: Fact) -> str:
    """A fact's fields that matter; of ids only the end."""
    fields = {name: value for name, value in asdict(fact).items() if value and name not in _UNTOLD}
    return ", ".join(f"{name} {str(value)[-4:] if name.endswith('_id') else value}" for name, value in fields.items())
