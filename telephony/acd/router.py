"""Who is offered to whom: a pure decision, the same for the same input, with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from telephony.acd.candidate import Candidate, Rules, Waiting
from telephony.acd.eligibility import Verdict, free, verdict
from telephony.acd.strategies import STRATEGIES


@dataclass(frozen=True, slots=True)
class Pick:
    """One contact for one agent. `position` is the contact's place among those waiting in its queue, from 1."""

    contact: Waiting
    agent: str
    strategy: str
    position: int
    considered: Sequence[tuple[str, Verdict]]


@dataclass(frozen=True, slots=True)
class Decision:
    """The picks of one round, and the monotonic second at which a bounded reason ends and another round is due."""

    picks: Sequence[Pick]
    again_at: float | None


NOTHING: Final = Decision((), None)


def decide(waiting: Sequence[Waiting], agents: Sequence[Candidate], rules: Mapping[str, Rules], now: float) -> Decision:
    """Serves contacts oldest first across all queues, each by its queue's strategy; an agent is picked once."""
    available = {agent.name: agent for agent in agents if free(agent, now).fit}
    picks: list[Pick] = []
    positions: dict[str, int] = {}
    for contact in sorted(waiting, key=lambda each: each.sequence):
        positions[contact.queue] = position = positions.get(contact.queue, 0) + 1
        if not available:
            break
        strategy = rules[contact.queue].strategy
        if (best := _best(contact, available, strategy, now)) is None:
            continue
        considered = _considered(contact, agents, available, now)
        picks.append(Pick(contact, best.name, strategy, position, considered))
        del available[best.name]
    return Decision(picks, _again_at(waiting, agents, now))


def _best(contact: Waiting, available: Mapping[str, Candidate], strategy: str, now: float) -> Candidate | None:
    fit = (agent for agent in available.values() if verdict(agent, contact, now).fit)
    return min(fit, key=STRATEGIES[strategy], default=None)


def _considered(
    contact: Waiting, agents: Sequence[Candidate], available: Mapping[str, Candidate], now: float
) -> list[tuple[str, Verdict]]:
    taken = Verdict(False, "picked for an older contact in this round")
    weighed = []
    for agent in agents:
        if contact.queue in agent.queues:
            own = verdict(agent, contact, now)
            weighed.append((agent.name, taken if own.fit and agent.name not in available else own))
    return weighed


def _again_at(waiting: Sequence[Waiting], agents: Sequence[Candidate], now: float) -> float | None:
    ends = [agent.resting_until for agent in agents]
    ends += [until for contact in waiting for until, _ in contact.passed_over.values()]
    return min((end for end in ends if end > now), default=None)
