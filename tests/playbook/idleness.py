"""Finds agents who were free while somebody waited for them: the facts are replayed, and the time between looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from telephony.assignment import TRANSITIONS, AssignmentState
from telephony.events import (
    AssignmentMoved,
    ContactMoved,
    OwnCallBegan,
    OwnCallEnded,
    PresenceChanged,
    ReachabilityChanged,
)
from tests.playbook.evidence import Evidence, Told

LONGEST_PASSED_OVER = 30.0
LONGEST_PASSED_OVER_BY_US = 1.0
LONGEST_REST = 10.0
_RESTS_AFTER = {"busy", "unreachable"}
_FAILED = {AssignmentState.REFUSED, AssignmentState.UNANSWERED}


@dataclass
class _Agent:
    queues: frozenset[str]
    available: bool = True
    reachable: bool = False
    busy_with: set[str] = field(default_factory=set)
    rests_until: float = 0.0

    def fit(self, queue: str | None) -> bool:
        return self.available and self.reachable and not self.busy_with and queue in self.queues


class _Scene:
    """Who is free and who waits, as far as the facts go."""

    def __init__(self, queues: Mapping[str, frozenset[str]]) -> None:
        self._agents = {name: _Agent(own) for name, own in queues.items()}
        self._waiting: dict[str, str | None] = {}
        self._passed_over: dict[tuple[str, str], float] = {}

    def take(self, told: Told) -> None:
        match told.fact:
            case PresenceChanged(agent=name, now=now):
                self._agents[name].available = now == "available"
            case ReachabilityChanged(agent=name, reachable=reachable):
                self._agents[name].reachable, self._agents[name].rests_until = reachable, 0.0
            case OwnCallBegan(agent=name):
                self._agents[name].busy_with.add("a call of her own")
            case OwnCallEnded(agent=name):
                self._agents[name].busy_with.discard("a call of her own")
            case ContactMoved(contact_id=id, now=now, queue=queue):
                self._waiting.pop(id, None)
                self._waiting |= {id: queue} if now == "queued" else {}
            case AssignmentMoved() as fact:
                self._assignment(told.at, fact)

    def idle(self, begin: float, end: float, grain: float) -> Iterator[str]:
        for id, queue in self._waiting.items():
            for name, agent in self._agents.items():
                since = max(begin, agent.rests_until, self._passed_over.get((name, id), 0.0))
                if agent.fit(queue) and end - since > grain:
                    yield f"{name} was free from {since:.3f} to {end:.3f} while {id} waited"

    def _assignment(self, at: float, fact: AssignmentMoved) -> None:
        agent = self._agents[fact.agent]
        if TRANSITIONS[AssignmentState(fact.now)]:
            agent.busy_with.add(fact.assignment_id)
        else:
            agent.busy_with.discard(fact.assignment_id)
        if (until := passed_over_until(at, fact)) is not None:
            self._passed_over[fact.agent, fact.contact_id] = until
            agent.rests_until = at + LONGEST_REST if fact.reason in _RESTS_AFTER else agent.rests_until


def passed_over_until(at: float, fact: AssignmentMoved) -> float | None:
    """Until when an agent may be passed over for a contact after what happened; None when nothing speaks for it."""
    if fact.now not in _FAILED:
        return None
    return at + (LONGEST_PASSED_OVER_BY_US if fact.reason == "failed" else LONGEST_PASSED_OVER)


def idle_agents(evidence: Evidence) -> Iterator[str]:
    """Each stretch of time in which a fit agent was free while a contact of her queue waited, and somebody was there
    to see it."""
    scene = _Scene(evidence.queues)
    for number, (told, following) in enumerate(zip(evidence.told, evidence.told[1:], strict=False)):
        scene.take(told)
        if number >= evidence.since:
            for begin, end in _attended(told.at, following.at, evidence.absences):
                yield from scene.idle(begin, end, evidence.grain)


def _attended(begin: float, end: float, absences: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """What is left of a stretch of time without those in which nobody was in control."""
    for away, back in absences:
        if away < end and back > begin:
            yield begin, away
            begin = max(begin, back)
    yield begin, end
