"""The process of a phone, seen from its driver: one line of JSON there, one line of JSON back."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from typing import Self, cast

from msgspec import DecodeError

from telephony.phone.mailbox import Mailbox, PhoneError, PhoneGone, PhoneTimeout
from telephony.phone.protocol import (
    Account,
    AnyCommand,
    AnyEvent,
    CallEvent,
    Disconnected,
    Done,
    Error,
    decode_event,
    encode,
    snake,
)

LAST_WORDS = 2000


class Link(asyncio.SubprocessProtocol):
    """A started process; answers go to those who asked, other events into the mailbox."""

    _transport: asyncio.SubprocessTransport
    _input: asyncio.WriteTransport

    def __init__(self, name: str) -> None:
        self.name = name
        self.mailbox = Mailbox(name)
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers: dict[int, asyncio.Future[Done]] = {}
        self._requests = 0
        self._live: set[int] = set()
        self._newest: int | None = None
        self._unfinished = b""
        self._last_words = b""
        self._killed = False

    @classmethod
    async def start(cls, name: str, through: Sequence[str] = ()) -> Self:
        """Starts the process, out of reach of the terminal's signals: it ends when its input does."""
        command = (*through, sys.executable, "-P", "-m", "telephony.phone")
        _, link = await asyncio.get_running_loop().subprocess_exec(lambda: cls(name), *command, start_new_session=True)
        return link

    @property
    def pid(self) -> int:
        """The id of the process, also after its end."""
        return self._transport.get_pid()

    @property
    def newest(self) -> int | None:
        """The newest live call, or the last there was; None before the first."""
        return max(self._live, default=self._newest)

    @property
    def crashed(self) -> bool:
        """True once the process has ended badly, unless we killed it."""
        return self.gone.done() and not self._killed and self._transport.get_returncode() != 0

    def send(self, message: Account | AnyCommand) -> None:
        """Writes one line; raises PhoneGone when nobody is there to read it."""
        if self.gone.done():
            raise PhoneGone(self.obituary())
        self._input.write(encode(message))

    async def ask(self, command: AnyCommand, within: float) -> Done:
        """Has a command carried out. Raises PhoneError when it is refused, PhoneTimeout, or PhoneGone."""
        self._requests += 1
        command.request = self._requests
        self.send(command)
        answer: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._answers[command.request] = answer
        try:
            async with asyncio.timeout(within):
                return await answer
        except TimeoutError:
            what = f"{self.name} waited {within:g} s until {snake(type(command).__name__)} was done"
            raise PhoneTimeout(f"{what}; what came: {self.mailbox.story()}") from None
        finally:
            del self._answers[command.request]

    def kill(self) -> None:
        """Ends the process at once, with SIGKILL."""
        if not self.gone.done():
            self._killed = True
            self._transport.kill()

    async def close(self, within: float) -> None:
        """Lets the process end well, or kills it after `within` seconds."""
        try:
            self._input.close()
            await asyncio.wait([self.gone], timeout=within)
        finally:
            self.kill()
            await self.gone
            self._transport.close()

    def obituary(self) -> str:
        """How the process ended, with its last words."""
        code = self._transport.get_returncode()
        how = f"by {signal.Signals(-code).name}" if code and code < 0 else f"with {code}"
        words = self._last_words.decode(errors="replace").strip()
        return f"the process of {self.name} ended {how}; what came: {self.mailbox.story()}{words and f'; {words}'}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process runs."""
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self._input = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """It wrote something."""
        if fd == 2:
            self._last_words = (self._last_words + data)[-LAST_WORDS:]
            return
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        for line in lines:
            self._take(_event(line))

    def connection_lost(self, exc: Exception | None) -> None:
        """It ended, and all it wrote was read."""
        self.gone.set_result(None)
        end = PhoneGone(self.obituary())
        self.mailbox.close(end)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(end)

    def _take(self, event: AnyEvent) -> None:
        self._follow(event)
        answer = self._answers.get(event.request or 0) if isinstance(event, Done | Error) else None
        if answer is None or answer.done():
            self.mailbox.post(event)
        elif isinstance(event, Done):
            answer.set_result(event)
        elif isinstance(event, Error):
            answer.set_exception(PhoneError(f"{self.name}: {event.reason}"))

    def _follow(self, event: AnyEvent) -> None:
        if isinstance(event, Disconnected):
            self._live.discard(event.call)
        elif isinstance(event, Done | CallEvent) and event.call and event.call > (self._newest or 0):
            self._live.add(event.call)
            self._newest = event.call


def _event(line: bytes) -> AnyEvent:
    try:
        return decode_event(line)
    except DecodeError as error:
        return Error(reason=f"not an event: {line[:100]!r}: {error}")
