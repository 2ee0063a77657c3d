"""Leg: one party's part of a call, from the first ring to its end."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class LegState(StrEnum):
    """How far a leg has come."""

    DIALING = "dialing"
    RINGING = "ringing"
    UP = "up"
    HELD = "held"
    ENDED = "ended"


_S = LegState
TRANSITIONS: Final[Mapping[LegState, frozenset[LegState]]] = {
    _S.DIALING: frozenset({_S.RINGING, _S.UP, _S.ENDED}),
    _S.RINGING: frozenset({_S.UP, _S.ENDED}),
    _S.UP: frozenset({_S.HELD, _S.ENDED}),
    _S.HELD: frozenset({_S.UP, _S.ENDED}),
    _S.ENDED: frozenset(),
}


class Party(StrEnum):
    """Whose leg it is."""

    CALLER = "caller"
    AGENT = "agent"


class LegEnd(StrEnum):
    """Why a leg ended, in our words; `telephony.asterisk.causes` translates Asterisk's numbers."""

    NORMAL = "normal"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    LOST = "lost"
    FAILED = "failed"


def _pending() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True, eq=False)
class Leg:
    """A leg; `ours`, `up` and `ended` are futures: done once it is under our control, is answered, is over.
    `prompts` counts what it was played."""

    id: str
    party: Party
    contact_id: str
    interaction_id: str
    state: LegState = LegState.DIALING
    end: LegEnd | None = None
    ours: asyncio.Future[None] = field(default_factory=_pending)
    up: asyncio.Future[None] = field(default_factory=_pending)
    ended: asyncio.Future[None] = field(default_factory=_pending)
    prompts: int = 0

    @property
    def over(self) -> bool:
        """Whether the leg has ended."""
        return self.state is LegState.ENDED
