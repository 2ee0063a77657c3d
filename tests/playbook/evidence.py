"""What a stage has seen of a performance: the facts, the rings, and what was left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from telephony.events import Fact


@dataclass(frozen=True)
class Told:
    """A fact, and when it was told, in seconds of the stage."""

    at: float
    fact: Fact


@dataclass(frozen=True)
class Ring:
    """One ring of an agent's phone for a contact; `ended` is None while it goes on."""

    agent: str
    contact: str
    began: float
    ended: float | None


@dataclass(frozen=True)
class Evidence:
    """All that can be judged. `departures` has when the caller of a contact left, as her own phone knows it;
    `absences` the times, from and to, in which nobody was in control;
    `grain` is how exact the stage's times are; facts before `since` only set the scene."""

    told: Sequence[Told]
    queues: Mapping[str, frozenset[str]]
    rings: Sequence[Ring] = ()
    departures: Mapping[str, float] = field(default_factory=dict)
    absences: Sequence[tuple[float, float]] = ()
    left: Sequence[str] = ()
    failures: Sequence[str] = ()
    grain: float = 0.05
    since: int = 0

    @property
    def facts(self) -> Sequence[Told]:
        """The facts of this performance."""
        return self.told[self.since :]
