"""Agent: a person who takes contacts. Presence is chosen, reachability observed, load counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from telephony.assignment import Assignment

NOT_REGISTERED: Final = "is not registered"


class Presence(StrEnum):
    """What the agent, or a missed call, chose; never what her phone or her work is doing."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"
    UNRESPONSIVE = "unresponsive"


_S = Presence
TRANSITIONS: Final[Mapping[Presence, frozenset[Presence]]] = {
    _S.AVAILABLE: frozenset({_S.AWAY, _S.OFFLINE, _S.UNRESPONSIVE}),
    _S.AWAY: frozenset({_S.AVAILABLE, _S.OFFLINE}),
    _S.OFFLINE: frozenset({_S.AVAILABLE, _S.AWAY}),
    _S.UNRESPONSIVE: frozenset({_S.AVAILABLE, _S.AWAY, _S.OFFLINE}),
}


@dataclass(slots=True)
class Agent:
    """An agent as routing sees her. Times are monotonic seconds; `own_calls` counts those her phone makes itself.

    `trouble` tells why she cannot be reached, as words after `her phone`; empty while she can."""

    name: str
    title: str
    queues: frozenset[str]
    presence: Presence = Presence.AVAILABLE
    trouble: str = NOT_REGISTERED
    idle_since: float = 0.0
    resting_until: float = 0.0
    assignments: dict[str, Assignment] = field(default_factory=dict)
    own_calls: int = 0

    @property
    def reachable(self) -> bool:
        """Whether calls reach her."""
        return not self.trouble

    @property
    def busy_with(self) -> str:
        """What keeps her from another call: the state of an assignment, or a call that she makes; else empty."""
        held = next((str(each.state) for each in self.assignments.values()), "")
        return held or ("a call of her own" if self.own_calls else "")
