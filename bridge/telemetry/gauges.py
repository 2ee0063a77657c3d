"""How the controller stands when somebody scrapes: queues, agents, connections, and how far the store is behind."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bridge.status import Status
from telephony.acd.standing import Standing


class Gauges(Collector):
    """Asks `status`, and `longest_wait` for how many seconds the first in a queue has waited."""

    def __init__(self, status: Callable[[], Status], longest_wait: Callable[[str], float | None]) -> None:
        self._status, self._longest_wait = status, longest_wait

    def describe(self) -> Iterator[Metric]:
        """Nothing: it is asked before there is anything to tell."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """All families, as they are now."""
        status = self._status()
        yield _gauge("asterisk_connected", "Whether Asterisk is connected.", "interface", _connections(status))
        yield _gauge("queue_waiting", "Contacts that wait, offered ones included.", "queue", status.waiting)
        oldest = {queue: self._longest_wait(queue) or 0.0 for queue in status.waiting}
        yield _gauge("queue_oldest_wait_seconds", "The longest wait that goes on.", "queue", oldest)
        count = Counter(agent.standing for agent in status.agents.values())
        states = {str(each): float(count[each]) for each in Standing}
        yield _gauge("agents", "Agents by what they are to the router.", "state", states)
        yield GaugeMetricFamily("throughline_projector_lag_facts", "Facts not in the store yet.", status.lag)
        unwritten = "Facts in memory that the disk has not taken yet."
        yield GaugeMetricFamily("throughline_journal_unwritten_facts", unwritten, status.unwritten)
        yield CounterMetricFamily("throughline_journal_facts", "Facts in the journal since it began.", status.facts)
        yield CounterMetricFamily("throughline_facts_set_aside", "Facts that the store refused.", status.set_aside)
        yield _failures(status.failures)


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
