"""How the controller stands when somebody scrapes: queues, agents, connections, and how far the store is behind."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bridge.status import AgentStatus, Status
from telephony.agent import Presence
from telephony.assignment import AssignmentState

OWN_CALL: Final = "own_call"
STATES: Final = (
    "free",
    "unreachable",
    *(state for state in Presence if state is not Presence.AVAILABLE),
    *(AssignmentState(name) for name in ("offered", "accepted", "active", "held", "wrap_up")),
    OWN_CALL,
)


class Standing(Collector):
    """Asks `status`, and `oldest` for the longest wait of each queue in which somebody waits."""

    def __init__(self, status: Callable[[], Status], oldest: Callable[[], Mapping[str, float]]) -> None:
        self._status, self._oldest = status, oldest

    def describe(self) -> Iterator[Metric]:
        """Nothing: it is asked before there is anything to tell."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """All families, as they are now."""
        status = self._status()
        yield _gauge("asterisk_connected", "Whether Asterisk is connected.", "interface", _connections(status))
        yield _gauge("queue_waiting", "Contacts that wait, offered ones included.", "queue", status.waiting)
        oldest = {**dict.fromkeys(status.waiting, 0.0), **self._oldest()}
        yield _gauge("queue_oldest_wait_seconds", "The longest wait that goes on.", "queue", oldest)
        states = Counter(state_of(agent) for agent in status.agents.values())
        yield _gauge("agents", "Agents by what they do.", "state", {state: states[state] for state in STATES})
        yield GaugeMetricFamily("throughline_projector_lag_facts", "Facts not in the store yet.", status.lag)
        yield CounterMetricFamily("throughline_journal_facts", "Facts in the journal since it began.", status.facts)
        yield CounterMetricFamily("throughline_facts_set_aside", "Facts that the store refused.", status.set_aside)
        yield _failures(status.failures)


def state_of(agent: AgentStatus) -> str:
    """What an agent does, in one word."""
    if agent.busy_with:
        return agent.busy_with if agent.busy_with in STATES else OWN_CALL
    if agent.presence != Presence.AVAILABLE:
        return agent.presence
    return "free" if agent.reachable else "unreachable"


def _connections(status: Status) -> dict[str, float]:
    return {"ari": float(status.ari), "ami": float(status.ami)}


def _gauge(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"throughline_{name}", told, labels=(label,))
    for value, number in values.items():
        family.add_metric((str(value),), number)
    return family


def _failures(failures: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily("throughline_task_failures", "Tasks that failed, by their owner.", labels=("owner",))
    for owner, count in failures.items():
        family.add_metric((owner,), count)
    return family
