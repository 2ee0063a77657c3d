"""Assignment: one agent's part in one contact. It owns the agent's capacity, wrap-up and handle time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telephony.contact import Medium


class AssignmentState(StrEnum):
    """How far one agent's part has come."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    HELD = "held"
    WRAP_UP = "wrap_up"
    DONE = "done"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


_S = AssignmentState
TRANSITIONS: Final[Mapping[AssignmentState, frozenset[AssignmentState]]] = {
    _S.OFFERED: frozenset({_S.ACCEPTED, _S.REFUSED, _S.UNANSWERED, _S.WITHDRAWN}),
    _S.ACCEPTED: frozenset({_S.ACTIVE}),
    _S.ACTIVE: frozenset({_S.HELD, _S.WRAP_UP}),
    _S.HELD: frozenset({_S.ACTIVE, _S.WRAP_UP}),
    _S.WRAP_UP: frozenset({_S.DONE}),
    _S.DONE: frozenset(),
    _S.REFUSED: frozenset(),
    _S.UNANSWERED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}


TALKING: Final = frozenset({_S.ACCEPTED, _S.ACTIVE, _S.HELD})


@dataclass(slots=True)
class Assignment:
    """One agent's part in one contact. `phone` is the account at which she is offered a call."""

    id: str
    contact_id: str
    interaction_id: str
    agent: str
    queue: str
    medium: Medium
    state: AssignmentState = AssignmentState.OFFERED
    phone: str = ""

    @property
    def over(self) -> bool:
        """Whether it holds the agent's capacity no more."""
        return not TRANSITIONS[self.state]
