"""What the router is told: who waits, who could serve, and by which rules. No I/O, no clocks: times are handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact that waits. `sequence` orders arrivals; times are monotonic seconds.

    `passed_over` names agents who may not be offered this contact again before the given time, and why.
    """

    contact_id: str
    queue: str
    sequence: int
    since: float
    passed_over: Mapping[str, tuple[float, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent as the router weighs her; times are monotonic seconds.

    `trouble` is what is wrong with her phone and `busy_with` what she does; both are empty when she could take one."""

    name: str
    queues: frozenset[str]
    presence: str
    trouble: str
    busy_with: str
    resting_until: float
    idle_since: float


@dataclass(frozen=True, slots=True)
class Rules:
    """How one queue picks: the name of a strategy."""

    strategy: str
