"""Interaction: one matter with one customer, whatever the media; it outlives its contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from telephony import assignment, contact
from telephony.events import AssignmentMoved, ContactArrived, ContactMoved, Fact, InteractionMoved, InteractionOpened
from telephony.ledger import Ledger, Part, Visit
from telephony.machine import advance


class InteractionState(StrEnum):
    """Where a matter stands."""

    OPEN = "open"
    PARKED = "parked"
    CLOSED = "closed"


_S = InteractionState
TRANSITIONS: Final[Mapping[InteractionState, frozenset[InteractionState]]] = {
    _S.OPEN: frozenset({_S.PARKED, _S.CLOSED}),
    _S.PARKED: frozenset({_S.OPEN, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.OPEN}),
}


CONTACT_ENDS: Final = frozenset(state for state, following in contact.TRANSITIONS.items() if not following)
ASSIGNMENT_ENDS: Final = frozenset(state for state, following in assignment.TRANSITIONS.items() if not following)


@dataclass(slots=True)
class Interaction:
    """A matter, and the ids of the contacts and assignments that go on in it."""

    id: str
    state: InteractionState = InteractionState.OPEN
    going_on: set[str] = field(default_factory=set)


class Interactions:
    """Follows the facts: a matter opens with its first contact and closes when nothing goes on in it any more."""

    def __init__(self) -> None:
        self.open: dict[str, Interaction] = {}

    def take_up(self, ledger: Ledger) -> Sequence[Fact]:
        """What an earlier controller left open; returns the facts that follow: what nothing goes on in closes."""
        for id, state in ledger.matters.items():
            self.open[id] = Interaction(id, InteractionState(state))
        parts: list[Visit | Part] = [*ledger.visits.values(), *ledger.parts.values()]
        for part in parts:
            if matter := self.open.get(part.interaction_id):
                matter.going_on.add(part.id)
        return [self._close(matter) for matter in list(self.open.values()) if not matter.going_on]

    def follow(self, fact: Fact) -> Sequence[Fact]:
        """Takes one fact; returns the facts that follow from it."""
        match fact:
            case ContactArrived():
                return self._arrived(fact)
            case ContactMoved() if fact.now in CONTACT_ENDS:
                return self._ended(fact.interaction_id, fact.contact_id)
            case AssignmentMoved(was="") if matter := self.open.get(fact.interaction_id):
                matter.going_on.add(fact.assignment_id)
            case AssignmentMoved() if fact.now in ASSIGNMENT_ENDS:
                return self._ended(fact.interaction_id, fact.assignment_id)
        return ()

    def _arrived(self, fact: ContactArrived) -> Sequence[Fact]:
        if matter := self.open.get(fact.interaction_id):
            matter.going_on.add(fact.contact_id)
            return ()
        self.open[fact.interaction_id] = Interaction(fact.interaction_id, going_on={fact.contact_id})
        return (InteractionOpened(interaction_id=fact.interaction_id, contact_id=fact.contact_id),)

    def _ended(self, id: str, part: str) -> Sequence[Fact]:
        if (matter := self.open.get(id)) is None:
            return ()
        matter.going_on.discard(part)
        return () if matter.going_on else (self._close(matter),)

    def _close(self, matter: Interaction) -> Fact:
        was = matter.state
        matter.state = advance(TRANSITIONS, was, InteractionState.CLOSED)
        del self.open[matter.id]
        return InteractionMoved(interaction_id=matter.id, was=was, now=matter.state, reason="nothing goes on in it")
