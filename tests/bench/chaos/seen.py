"""What phones saw: callers and rings, in one time for all, that of `time.monotonic`."""

import time
from dataclasses import dataclass, field
from typing import Final

from tests.fleet.call import US, Report

WALL: Final = time.time() - time.monotonic()


@dataclass(slots=True)
class Caller:
    """One call from outside. `queue` is the one that it waits in, `ended_by` whoever ended it, as in a Report."""

    number: str
    queue: str
    placed: float
    answered: float | None = None
    ended: float | None = None
    ended_by: str = ""

    @classmethod
    def of(cls, report: Report, queue: str) -> "Caller":
        """What a phone of the fleet saw."""
        return cls(report.caller, queue, report.invited, report.answered, report.ended, report.ended_by)

    @property
    def left(self) -> float | None:
        """When she left herself."""
        return self.ended if self.ended_by == US else None

    def up_at(self, moment: float) -> bool:
        """Whether she was in the call."""
        return self.placed <= moment and (self.ended is None or self.ended > moment)


@dataclass(frozen=True, slots=True)
class Seen:
    """All callers by their numbers, and every ring of an agent's phone with what came of it."""

    callers: dict[str, Caller]
    rings: list[Report]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the journal holds: the contacts of each number, and who was cut off."""

    contacts: dict[str, list[str]] = field(default_factory=dict)
    cut_off: set[str] = field(default_factory=set)
