"""The websockets of the fake Asterisk: requests come in and are done in order, events go out.

Events go to the socket that connected last under an application's name; the one before is told that it is replaced.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from websockets.asyncio.server import Server, ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from telephony.tasks import TaskSet
from tests.fakes.clock import VirtualClock

Answer = Callable[["Socket", str, str, dict[str, Any]], Awaitable[None]]


@dataclass
class Gap:
    """A time in which nobody listened to an application, or not yet; `end` is None while it goes on."""

    begin: float
    end: float | None = None


@dataclass(eq=False)
class Socket:
    """One connection, and what is still to be sent by it."""

    app: str
    connection: ServerConnection
    flowing: asyncio.Event
    disallowed: frozenset[str] = frozenset()
    _outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def send(self, message: dict[str, Any]) -> None:
        """Sends soon, in order."""
        self._outbox.put_nowait(msgspec.json.encode(message).decode())

    async def write(self) -> None:
        """Sends for ever; what has gathered while nothing flowed goes in one piece."""
        with suppress(ConnectionClosed):
            while True:
                text = await self._outbox.get()
                await self.flowing.wait()
                await self.connection.send(text)


class Sockets:
    """All connections. `answer` is awaited with each request before the next one of its socket is read."""

    def __init__(self, answer: Answer, tasks: TaskSet) -> None:
        self._answer, self._tasks = answer, tasks
        self._apps: dict[str, Socket] = {}
        self._server: Server | None = None
        self.refusing = False
        self.gaps: dict[str, list[Gap]] = {}
        self.flowing = asyncio.Event()
        self.flowing.set()

    async def open(self, path: Path) -> None:
        """Takes connections at a Unix socket."""
        self._server = await unix_serve(
            self._serve,
            str(path),
            subprotocols=[Subprotocol("ari")],
            process_request=self._welcome,
            compression=None,
            ping_interval=None,
            close_timeout=1,
        )

    async def close(self) -> None:
        """Ends all connections."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    def active(self, app: str) -> bool:
        """Whether somebody listens to an application."""
        return app in self._apps

    def emit(self, app: str, kind: str, fields: dict[str, Any]) -> None:
        """Sends an event to whoever listens; nothing is kept for later."""
        if (socket := self._apps.get(app)) and kind not in socket.disallowed:
            socket.send({"type": kind, "timestamp": VirtualClock().now().isoformat(), "application": app, **fields})

    def filter(self, app: str, disallowed: frozenset[str]) -> None:
        """Keeps kinds of events from an application; whoever asks for that listens from now on."""
        if socket := self._apps.get(app):
            socket.disallowed = disallowed
        if (gaps := self.gaps.get(app)) and gaps[-1].end is None:
            gaps[-1].end = _now()

    def drop(self, *apps: str) -> None:
        """Connections break without a word; all of them where none is named."""
        for app in apps or list(self._apps):
            if socket := self._apps.get(app):
                self._forget(socket)
                socket.connection.transport.abort()

    def _welcome(self, connection: ServerConnection, _: Request) -> Response | None:
        if self.refusing:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Asterisk is away")
        return None

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        app = parse_qs(urlsplit(connection.request.path).query)["app"][0]
        socket = Socket(app, connection, self.flowing)
        self._take(socket)
        writer = self._tasks.spawn(socket.write(), f"writer of {app}")
        try:
            await self._read(socket)
        finally:
            writer.cancel()
            self._forget(socket)

    def _take(self, socket: Socket) -> None:
        if replaced := self._apps.get(socket.app):
            replaced.send({"type": "ApplicationReplaced", "application": socket.app})
        self._apps[socket.app] = socket

    def _forget(self, socket: Socket) -> None:
        if self._apps.get(socket.app) is socket:
            del self._apps[socket.app]
            gaps = self.gaps.setdefault(socket.app, [])
            if not gaps or gaps[-1].end is not None:
                gaps.append(Gap(_now()))

    async def _read(self, socket: Socket) -> None:
        with suppress(ConnectionClosed):
            async for text in socket.connection:
                request = msgspec.json.decode(text, type=dict[str, Any])
                body = msgspec.json.decode(request["message_body"]) if request.get("message_body") else {}
                await self._answer(socket, request["request_id"], f"{request['method']} {request['uri']}", body)


def _now() -> float:
    return asyncio.get_running_loop().time()
