"""A small collector: takes OTLP over HTTP on a port of this machine, as protobuf, and keeps the spans."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

NO_PARENT = b""


@dataclass
class Collector:
    """What has come; `held` lets each request wait, as a slow collector does, until it is set free."""

    spans: list[Span] = field(default_factory=list)
    service: str = ""
    address: str = ""
    requests: int = 0
    free: threading.Event = field(default_factory=threading.Event)

    def take(self, body: bytes) -> None:
        """One request."""
        message = ExportTraceServiceRequest.FromString(body)
        for resource in message.resource_spans:
            names = {each.key: each.value.string_value for each in resource.resource.attributes}
            self.service = names["service.name"]
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]

    def tree(self) -> list[str]:
        """The names of all spans in the order of their begin, each after its parent and indented below it."""
        return list(self._below(NO_PARENT, ""))

    def _below(self, parent: bytes, indent: str) -> Iterator[str]:
        for span in sorted(self.spans, key=lambda each: each.start_time_unix_nano):
            if span.parent_span_id == parent:
                yield indent + span.name
                yield from self._below(span.span_id, indent + "  ")


def attributes(span: Any) -> dict[str, object]:
    """Those of a span or of an event."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


@contextmanager
def collecting(slow: bool = False) -> Iterator[Collector]:
    """One that listens."""
    collector = Collector()
    if not slow:
        collector.free.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.requests += 1
            collector.free.wait(30)
            assert self.path == "/v1/traces"
            assert self.headers["Content-Type"] == "application/x-protobuf"
            collector.take(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        collector.free.set()
        server.shutdown()
        thread.join()
        server.server_close()
