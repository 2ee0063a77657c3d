"""Contact: one customer's attempt over one medium; it is what is routed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Medium(StrEnum):
    """How the customer and the agent exchange words."""

    VOICE = "voice"
    CALLBACK = "callback"
    CHAT = "chat"
    SMS = "sms"
    EMAIL = "email"
    VIDEO = "video"


class ContactState(StrEnum):
    """Where a contact stands."""

    ARRIVED = "arrived"
    QUEUED = "queued"
    OFFERED = "offered"
    CONNECTED = "connected"
    PARKED = "parked"
    ABANDONED = "abandoned"
    CLOSED = "closed"


_S = ContactState
TRANSITIONS: Final[Mapping[ContactState, frozenset[ContactState]]] = {
    _S.ARRIVED: frozenset({_S.QUEUED, _S.OFFERED, _S.CLOSED, _S.ABANDONED}),
    _S.QUEUED: frozenset({_S.OFFERED, _S.ARRIVED, _S.PARKED, _S.ABANDONED}),
    _S.OFFERED: frozenset({_S.CONNECTED, _S.QUEUED, _S.ARRIVED, _S.ABANDONED}),
    _S.CONNECTED: frozenset({_S.QUEUED, _S.ARRIVED, _S.PARKED, _S.CLOSED}),
    _S.PARKED: frozenset({_S.QUEUED, _S.CLOSED}),
    _S.ABANDONED: frozenset(),
    _S.CLOSED: frozenset(),
}


HUNG_UP: Final = "the caller hung up"
"""Why a contact ended, where nothing else is known."""


@dataclass(slots=True)
class Contact:
    """A contact and what it has earned: `sequence` is its age, kept across queues, offers and restarts; `served`
    tells that an agent has talked to its customer."""

    id: str
    interaction_id: str
    medium: Medium
    address: str
    customer: str
    arrived_at: datetime
    customer_name: str = ""
    state: ContactState = ContactState.ARRIVED
    queue: str | None = None
    sequence: int | None = None
    served: bool = False
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def left(self) -> ContactState:
        """Where it ends when its customer leaves now. Whom an agent has served did not abandon us, however it ends,
        unless she waits again."""
        waits = self.state in (ContactState.QUEUED, ContactState.OFFERED)
        return ContactState.CLOSED if self.served and not waits else ContactState.ABANDONED

    @property
    def over(self) -> bool:
        """Whether nothing can follow any more."""
        return not TRANSITIONS[self.state]
