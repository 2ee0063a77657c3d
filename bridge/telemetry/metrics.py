"""Numbers for Prometheus: counted from the facts as they happen, and read from the controller when it is scraped.

Labels are names that the center's files or our code give, never a number, an id or a word of a customer.

| worth an alert | means |
|---|---|
| `throughline_asterisk_connected == 0` for 10 s | callers hear music, and nobody serves them |
| `throughline_queue_oldest_wait_seconds` over the queue's promise | callers wait too long |
| `increase(throughline_illegal_moves_total[1h]) > 0` | a bug of ours |
| `increase(throughline_task_failures_total[1h]) > 0` | a bug of ours; the log has it |
| `increase(throughline_differences_healed_total[1h]) > 0` | a bug of ours or of Asterisk's; the log has it |
| `increase(throughline_facts_set_aside_total[1h]) > 0` | a fact broke an invariant of the store |
| `throughline_journal_unwritten_facts > 0` for 10 s | the disk is full or fails; calls go on, told in memory only |
| `throughline_projector_lag_facts > 1000` for a minute | the database is slow or away; nothing is lost |
| p99 of `throughline_event_loop_lag_seconds` over 0.1 | the controller is overloaded |
| p99 of `throughline_asterisk_command_seconds` over 0.5 | Asterisk is overloaded |
| p10 of `throughline_leg_mos` under 3.6 | people hear each other badly |
"""

from collections.abc import Callable
from importlib.metadata import version
from platform import python_version
from typing import Final

import msgspec
from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bridge.status import Status
from bridge.telemetry.counting import Counting
from bridge.telemetry.gauges import Gauges
from telephony.adoption import Counts
from telephony.clock import Clock
from telephony.events import Fact

_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """All numbers of one controller, in a registry of its own. `status` and `longest_wait` tell how things stand."""

    def __init__(self, clock: Clock, status: Callable[[], Status], longest_wait: Callable[[str], float | None]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._clock, self._registry = clock, CollectorRegistry()
        self._counting = Counting(self._registry, clock)
        self._registry.register(Gauges(status, longest_wait))
        self._commands = Histogram(
            "throughline_asterisk_command_seconds",
            "How long Asterisk took to answer a command, or to fail at it.",
            ("operation",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._lag = Histogram(
            "throughline_event_loop_lag_seconds",
            "How late the controller's own timer came.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._healed = Counter(
            "throughline_differences_healed_total",
            "Differences between the controller's mind and Asterisk, healed by the reconciler.",
            ("kind",),
            registry=self._registry,
        )
        self._taken_up = Counter(
            "throughline_contacts_taken_up_total",
            "Contacts of an earlier controller by how they went on, and legs that nobody needed any more.",
            ("how",),
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        build = Info("throughline_build", "What runs.", registry=self._registry)
        build.info({"version": version("throughline"), "python": python_version()})

    def follow(self, fact: Fact) -> None:
        """Takes one fact."""
        self._counting.follow(fact)

    def command(self, operation: str, seconds: float) -> None:
        """Notes how long Asterisk took for one of our operations."""
        self._commands.labels(operation).observe(seconds)

    def healed(self, kind: str) -> None:
        """Notes a difference between our mind and Asterisk that was healed."""
        self._healed.labels(kind.replace(" ", "_")).inc()

    def taken_up(self, counts: Counts) -> None:
        """Notes what was taken up from an earlier controller."""
        for how, number in msgspec.structs.asdict(counts).items():
            self._taken_up.labels(how).inc(number)

    def late(self, seconds: float) -> None:
        """Notes how late the event loop came to its work."""
        self._lag.observe(seconds)

    def exposition(self) -> tuple[bytes, str]:
        """All numbers as they are now, in Prometheus' text format, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
