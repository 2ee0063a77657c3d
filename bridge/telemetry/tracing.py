"""The way of a call for OpenTelemetry, when the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT).

All else is set by OpenTelemetry's own variables too. A thread exports; what a slow or absent collector does not take is
dropped from a bounded queue.
"""

import asyncio
import logging
import os
import threading
from importlib.metadata import version
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from bridge.telemetry.spans import Spans
from telephony.clock import Clock
from telephony.events import Fact

COLLECTOR: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
FLUSHED_WITHIN: Final = 1.0


class _TraceOfAnInteraction(RandomIdGenerator):
    """Gives a new trace the id that was set last."""

    def __init__(self) -> None:
        self.next = 0

    def generate_trace_id(self) -> int:
        """The interaction's own id."""
        return self.next


class Tracing:
    """Sends spans away. `follow` costs some ten microseconds a span, whatever becomes of the spans."""

    def __init__(self, clock: Clock) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.ERROR)
        ids = _TraceOfAnInteraction()
        resource = Resource.create({SERVICE_NAME: "throughline", SERVICE_VERSION: version("throughline")})
        self._provider = TracerProvider(resource=resource, id_generator=ids, shutdown_on_exit=False)
        self._exporter = OTLPSpanExporter()
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._spans = Spans(clock, self._provider.get_tracer("throughline"), lambda id: setattr(ids, "next", id))

    def follow(self, fact: Fact) -> None:
        """Takes one fact."""
        self._spans.follow(fact)

    async def close(self, within: float = FLUSHED_WITHIN) -> None:
        """Sends what is left, for at most so many seconds."""
        flushing = threading.Thread(target=self._provider.shutdown, daemon=True)
        flushing.start()
        await asyncio.to_thread(flushing.join, within)
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # else it would try again for half a minute


def wanted() -> bool:
    """Whether the environment names a collector."""
    return any(os.environ.get(name) for name in COLLECTOR)
