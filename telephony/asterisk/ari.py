"""Asterisk's REST interface: one websocket for events, a few for commands, each reconnecting by itself.

Command sockets stand under application names of their own, because a second socket under the same name would take
the events away. A command goes by the socket that its channel's id selects, so that commands for one channel keep
their order and a busy channel holds up few others.
"""

import asyncio
import random
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import msgspec
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from telephony.asterisk.ari_events import UNWANTED, ApplicationReplaced, Event, decode
from telephony.asterisk.ari_socket import CommandSocket
from telephony.asterisk.errors import AsteriskError
from telephony.clock import Clock
from telephony.tasks import TaskSet

log = structlog.get_logger()

COMMAND_SOCKETS: Final = 4
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 0.5
READY_WITHIN: Final = 10.0
BACK_WITHIN: Final = 5.0


@dataclass(frozen=True, slots=True)
class AriAddress:
    """Where and as whom to speak to Asterisk."""

    host: str
    port: int
    username: str
    password: str
    app: str

    def uri(self, app: str) -> str:
        """The websocket's address for one application name."""
        login = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"ws://{login}@{host}:{self.port}/ari/events?app={app}&subscribeAll=false"


class Ari:
    """A connection to one Asterisk.

    `on_event` is called with each typed event, in order, and must not block. `on_connect` is awaited after each
    (re)connect, before the first event is handed on: there the world is read again. `on_replaced` is called when
    another controller took our place, `on_failure` of a task of ours that failed.
    """

    def __init__(
        self,
        address: AriAddress,
        clock: Clock,
        on_event: Callable[[Event], None],
        on_connect: Callable[[], Awaitable[None]],
        on_replaced: Callable[[], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._address, self._clock, self._on_event = address, clock, on_event
        self._on_connect, self._on_replaced = on_connect, on_replaced
        self._sockets = [CommandSocket() for _ in range(COMMAND_SOCKETS)]
        self._ready = [asyncio.Event() for _ in range(COMMAND_SOCKETS)]
        self._tasks = TaskSet("ari", on_failure)
        self._closing = self._replaced = False
        self.connected = asyncio.Event()

    def start(self) -> None:
        """Connects, and goes on trying until `close`."""
        for number, socket in enumerate(self._sockets):
            self._tasks.spawn(self._serve_commands(number, socket), f"commands {number}")
        self._tasks.spawn(self._serve_events(), "events")

    def retire(self) -> None:
        """Connects no more, should a connection be lost."""
        self._closing = True

    async def close(self) -> None:
        """Ends all connections."""
        self.retire()
        await self._tasks.close()

    async def request(self, key: str, method: str, uri: str, body: Any = None) -> str:
        """Sends one request over the socket that `key` selects; see CommandSocket.request."""
        return await self._sockets[_socket_of(key)].request(method, uri, body)

    async def back(self, key: str) -> bool:
        """Waits until requests of `key` can be sent again, at most 5 seconds; tells whether they can."""
        if self._closing:
            return False
        try:
            async with asyncio.timeout(BACK_WITHIN):
                await self._ready[_socket_of(key)].wait()
        except TimeoutError:
            return False
        return True

    async def _serve_commands(self, number: int, socket: CommandSocket) -> None:
        async for connection in self._connections(f"{self._address.app}-cmd-{number}"):
            self._ready[number].set()
            try:
                await socket.serve(connection)
            finally:
                self._ready[number].clear()

    async def _serve_events(self) -> None:
        async for connection in self._connections(self._address.app):
            try:
                await self._follow(connection)
            except (AsteriskError, TimeoutError) as error:
                log.warning("asterisk_connection_lost", reason=str(error) or type(error).__name__)
            finally:
                self.connected.clear()
            if self._replaced:
                return  # who connected again would take the place back

    async def _follow(self, connection: ClientConnection) -> None:
        """Reads into a queue at once, so that a slow hour of ours never makes Asterisk close the socket."""
        inbox: asyncio.Queue[Event | None] = asyncio.Queue()
        reader = self._tasks.spawn(self._read(connection, inbox), "reader")
        try:
            await self._take_place(reader)
            self.connected.set()
            log.info("asterisk_connected", app=self._address.app)
            while (event := await inbox.get()) is not None:
                self._on_event(event)
        finally:
            reader.cancel()

    async def _take_place(self, reader: asyncio.Task[None]) -> None:
        """Gets ready, as long as the connection lasts: who has lost it meanwhile has no place to take, and what it
        would do could undo what another controller does. Raises TimeoutError then."""
        async with asyncio.timeout(None) as lost:

            def end(_: asyncio.Task[None]) -> None:
                with suppress(RuntimeError):  # it was over already
                    lost.reschedule(self._clock.monotonic())

            reader.add_done_callback(end)
            try:
                async with asyncio.timeout(READY_WITHIN):
                    await asyncio.gather(*(ready.wait() for ready in self._ready))
                await self._filter()
                await self._on_connect()
            finally:
                reader.remove_done_callback(end)

    async def _read(self, connection: ClientConnection, inbox: asyncio.Queue[Event | None]) -> None:
        try:
            async for text in connection:
                event = _event(text)
                if isinstance(event, ApplicationReplaced):
                    self._replaced = True
                    self._on_replaced()  # at once, even while the world is still being read
                    return
                if event is not None:
                    inbox.put_nowait(event)
        except ConnectionClosed as ended:
            log.warning("asterisk_connection_lost", reason=str(ended))
        finally:
            inbox.put_nowait(None)

    async def _filter(self) -> None:
        unwanted = {"disallowed": [{"type": name} for name in UNWANTED]}
        await self.request("", "PUT", f"applications/{self._address.app}/eventFilter", unwanted)

    async def _connections(self, app: str) -> AsyncIterator[ClientConnection]:
        """An endless supply of connections: each turn of the loop is a reconnect, with growing, jittered pauses."""
        pause = FIRST_PAUSE
        while not self._closing:
            try:
                connection = await self._connect(app)
            except (OSError, TimeoutError, WebSocketException) as error:
                log.debug("asterisk_not_reachable", app=app, reason=str(error) or type(error).__name__)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                began = self._clock.monotonic()
                async with connection:
                    yield connection
                lasted = self._clock.monotonic() - began
                pause = FIRST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await self._clock.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret

    async def _connect(self, app: str) -> ClientConnection:
        return await connect(
            self._address.uri(app),
            subprotocols=[Subprotocol("ari")],
            max_size=None,
            max_queue=None,
            compression=None,
            open_timeout=5,
            proxy=None,
            ping_interval=5,
            ping_timeout=5,
        )


def _socket_of(key: str) -> int:
    return zlib.crc32(key.encode()) % COMMAND_SOCKETS


def _event(text: str | bytes) -> Event | None:
    try:
        return decode(text)
    except msgspec.MsgspecError as error:
        log.warning("asterisk_event_unreadable", reason=str(error))
        return None
