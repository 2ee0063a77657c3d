"""Serves the API in the controller's own event loop. A port that is taken keeps nobody from calling."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from config.settings import HostPort
from telephony.clock import Clock
from telephony.tasks import TaskSet

log = structlog.get_logger()
logging.getLogger("uvicorn").setLevel(logging.WARNING)  # it tells of each websocket

RETRY_AFTER: Final = 2.0
FAREWELL: Final = 2
LONGEST_MESSAGE: Final = 4 * 1024  # clients have nothing to tell
MOST_CONNECTIONS: Final = 1000
REQUEST_WITHIN: Final = 10.0
BACKLOG: Final = 512


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files for HTTPS."""

    certificate: Path
    key: Path | None = None


class _Patience(H11Protocol):
    """A connection among so many, on which a request arrives in time: others would use up the open files."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """One more."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._look_again(self)

    def _look_again(self, was: object) -> None:
        """Closes it when it asked for nothing since the last look; a websocket has another protocol, and stays."""
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        idle = self.cycle is None or self.cycle.response_complete
        if idle and was is self.cycle:
            self.transport.abort()
        else:
            self.loop.call_later(REQUEST_WITHIN, self._look_again, self.cycle)


class _Server(uvicorn.Server):
    """Leaves signals to the controller."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """The front door for browsers and programs."""

    def __init__(self, app: FastAPI, address: HostPort, certificate: Certificate | None, clock: Clock) -> None:
        self._address, self._clock = address, clock
        self._config = uvicorn.Config(
            app,
            loop="none",
            lifespan="off",
            http=_Patience,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="websockets-sansio",
            ws_max_size=LONGEST_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=FAREWELL,
            ssl_certfile=certificate.certificate if certificate else None,
            ssl_keyfile=certificate.key if certificate else None,
        )
        self._server = _Server(self._config)
        self._tasks = TaskSet("http")
        self._listening = asyncio.Event()

    def start(self) -> None:
        """Begins to serve, as soon as the port is free."""
        self._tasks.spawn(self._serve(), "serve")

    async def serving(self) -> None:
        """Returns once it serves."""
        await self._listening.wait()

    async def close(self) -> None:
        """Ends requests that are under way, after two seconds at the latest."""
        self._server.should_exit = True
        await self._tasks.finish(within=FAREWELL + 1)

    async def _serve(self) -> None:
        listener = await self._listen()
        try:
            log.info("http_served", address=str(self._address))
            self._listening.set()
            await self._server.serve(sockets=[listener])
        finally:
            listener.close()

    async def _listen(self) -> socket.socket:
        told = False
        while True:
            try:
                family = socket.AF_INET6 if ":" in self._address.host else socket.AF_INET
                address = (self._address.host, self._address.port)
                return socket.create_server(address, family=family, backlog=BACKLOG)
            except OSError as error:
                if not told:
                    log.error("http_not_served", address=str(self._address), reason=str(error))
                told = True
            await self._clock.sleep(RETRY_AFTER)
