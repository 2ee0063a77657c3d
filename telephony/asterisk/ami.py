"""Asterisk's manager interface, by panoramisk behind a guard.

panoramisk speaks the protocol; what it would do on its own is taken from it: it replays unanswered actions after a
reconnect, lets line ends in values through (one could inject an action), splits letters between packets, and never
notices a link that is half open. So each connection here is used once, and reconnecting is ours.
"""

import asyncio
import codecs
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from panoramisk import Manager
from panoramisk.ami_protocol import AMIProtocol

from telephony.asterisk.errors import Disconnected, NoReply, Refused
from telephony.clock import Clock

log = structlog.get_logger()

REPLY_WITHIN: Final = 5.0
PING_EVERY: Final = 5.0
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
_FORBIDDEN: Final = frozenset("\r\n\0")

Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AmiAddress:
    """Where and as whom to speak to Asterisk's manager interface."""

    host: str
    port: int
    username: str
    password: str


class _WholeLetters(AMIProtocol):  # type: ignore[misc]
    """Keeps the bytes of a letter that a packet has cut in two."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def data_received(self, data: bytes) -> None:
        super().data_received(self._decoder.decode(data).encode())


class _OneConnection(Manager):  # type: ignore[misc]
    """A connection that ends for good when it ends."""

    def __init__(self, address: AmiAddress) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        super().__init__(
            host=address.host,
            port=address.port,
            username=address.username,
            secret=address.password,
            loop=asyncio.get_running_loop(),
            protocol_factory=_WholeLetters,
            ping_delay=10**8,
        )

    def connection_made(self, attempt: asyncio.Future[Any]) -> None:
        if not attempt.cancelled() and attempt.exception() is None:
            super().connection_made(attempt)

    def connection_lost(self, _: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)

    def login(self, answer: asyncio.Future[Any]) -> None:
        """What follows a login is decided by who awaits it."""


class Ami:
    """A connection that comes back. `on_connect` is awaited after each login; `on_event` gets each event."""

    def __init__(
        self,
        address: AmiAddress,
        clock: Clock,
        on_connect: Callable[[], Awaitable[None]],
        on_event: Callable[[str, Message], None],
    ) -> None:
        self._address, self._clock = address, clock
        self._on_connect, self._on_event = on_connect, on_event
        self._manager: _OneConnection | None = None

    @property
    def connected(self) -> bool:
        """Whether actions can be sent now."""
        return self._manager is not None

    async def run(self) -> None:
        """Connects, and connects again, until cancelled."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._connected()
                pause = FIRST_PAUSE
            except (OSError, TimeoutError, Refused, NoReply, Disconnected) as error:
                log.warning("ami_not_reachable", reason=str(error) or type(error).__name__)
                pause = min(pause * 2, LONGEST_PAUSE)
            await self._clock.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret

    async def action(self, name: str, **values: str) -> list[Message]:
        """Sends one action, never twice, and returns its messages, the response first.

        Raises ValueError for a value with a line end, Refused, NoReply after 5 seconds, Disconnected."""
        if any(_FORBIDDEN & set(value) for value in values.values()):
            raise ValueError("a value for the manager interface may not hold a line end")
        if (manager := self._manager) is None:
            raise Disconnected(name)
        answer = manager.send_action({"Action": name, **values})
        done, _ = await asyncio.wait({answer, manager.lost}, timeout=REPLY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if answer not in done:
            answer.cancel()
            raise Disconnected(name) if manager.lost in done else NoReply(name)
        return _messages(name, answer.result())

    async def _connected(self) -> None:
        manager = _OneConnection(self._address)
        try:
            async with asyncio.timeout(REPLY_WITHIN):
                await manager.connect()
                _messages("Login", await manager.authenticated_future)
            manager.register_event("*", lambda _, event: self._on_event(event.event, dict(event.items())))
            self._manager = manager
            await self._on_connect()
            await self._watch(manager)
        finally:
            self._manager = None
            manager.close()

    async def _watch(self, manager: _OneConnection) -> None:
        """Until the connection is lost, or a ping finds that nobody is there."""
        while not (await asyncio.wait({manager.lost}, timeout=PING_EVERY))[0]:
            await self.action("Ping")


def _messages(name: str, answer: Any) -> list[Message]:
    messages = list(answer) if isinstance(answer, list) else [answer]
    if messages[0].response == "Error":
        raise Refused(400, str(messages[0].get("Message", "")), name)
    return [dict(each.items()) for each in messages]
