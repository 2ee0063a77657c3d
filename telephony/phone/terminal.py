"""A phone for a person at a terminal: each line is a command, and what happens is told as it happens."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from telephony.phone import protocol
from telephony.phone.mailbox import PhoneError, PhoneGone, PhoneTimeout
from telephony.phone.protocol import Account, AnyCommand, Event
from telephony.phone.remote import Phone
from telephony.phone.typed import HELP, parse, typed_lines
from telephony.phone.words import describe

LONG = 86400.0


async def run_terminal(
    account: Account,
    dial: str | None = None,
    lines: AsyncIterator[str] | None = None,
    show: Callable[[str], None] | None = None,
) -> int:
    """Runs until `quit`, or until the input ends and then the last call. Returns an exit code.

    `dial` is called at once. The code is 0 unless the phone could not register or nobody answered `dial`.
    """
    async with await Phone.start(account) as phone:
        return await Terminal(phone, show or print_line).run(dial, lines or typed_lines())


def print_line(line: str) -> None:
    """A line, and a prompt after it when a person is there to see it."""
    prompt = "> " if sys.stdin.isatty() else ""
    print(f"\r{line}\n{prompt}" if prompt else f"{line}\n", end="", flush=True)


class Terminal:
    """The talk between a person and a phone. It knows of the calls what was last said of them."""

    def __init__(self, phone: Phone, show: Callable[[str], None]) -> None:
        self._phone = phone
        self._show = show
        self._registered = False
        self._calls: dict[int, str] = {}
        self._calls_over = asyncio.Event()
        self._dialled: int | None = None
        self._answered = False

    async def run(self, dial: str | None, lines: AsyncIterator[str]) -> int:
        """Registers, dials and follows the lines; returns an exit code."""
        self._show(f"This phone is {self._phone.uri}; type help for what it can do.")
        if self._phone.account.register and not await self._register():
            return 1
        try:
            async with asyncio.TaskGroup() as group:
                teller = group.create_task(self._tell())
                await self._talk(dial, lines)
                teller.cancel()
        except* PhoneGone as gone:
            self._show(str(gone.exceptions[0]))
        return 0 if self._answered or not dial else 1

    async def _register(self) -> bool:
        self._show(f"Registering at {self._phone.account.server} ...")
        try:
            self._tell_event(await self._phone.register())
        except PhoneTimeout:
            self._show(f"No answer from {self._phone.account.server}. Is it running?")
        except PhoneError as error:
            self._show(str(error))
        return self._registered

    async def _talk(self, dial: str | None, lines: AsyncIterator[str]) -> None:
        if dial:
            self._show(f"Calling {dial} at {self._phone.account.server} ...")
            self._dialled = await self._do(protocol.Dial(target=dial))
        async for line in lines:
            if line.strip() in ("quit", "exit"):
                return
            await self._obey(line.strip())
        while self._calls:
            self._calls_over.clear()
            await self._calls_over.wait()

    async def _obey(self, line: str) -> None:
        if line == "help":
            self._show(HELP)
        elif line == "status":
            await self._tell_status()
        elif line:
            try:
                await self._do(parse(line))
            except ValueError as error:
                self._show(str(error))

    async def _do(self, command: AnyCommand) -> int | None:
        try:
            call = (await self._phone.do(command)).call
        except PhoneGone:
            raise
        except PhoneError as error:
            self._show(str(error))
            return None
        if isinstance(command, protocol.Dial) and call:
            self._calls.setdefault(call, f"Call {call} goes to {command.target}.")
        return call

    async def _tell(self) -> None:
        while True:
            with suppress(PhoneTimeout):
                self._tell_event(await self._phone.wait_for(Event, LONG))

    def _tell_event(self, event: Event) -> None:
        said = describe(event)
        refreshed = isinstance(event, protocol.Registered) and self._registered
        if said and not refreshed:
            self._show(said)
        if isinstance(event, protocol.Registered | protocol.Unregistered):
            self._registered = isinstance(event, protocol.Registered)
        elif isinstance(event, protocol.CallEvent):
            self._follow(event, said or "")

    def _follow(self, event: protocol.CallEvent, said: str) -> None:
        if isinstance(event, protocol.Disconnected):
            self._calls.pop(event.call, None)
            self._calls_over.set()
        elif not isinstance(event, protocol.Dtmf | protocol.Played | protocol.Stats):
            self._calls[event.call] = said
        self._answered |= isinstance(event, protocol.Confirmed) and event.call == self._dialled

    async def _tell_status(self) -> None:
        if self._phone.account.register:
            self._show("Registered." if self._registered else "Not registered.")
        self._show("\n".join(self._calls.values()) or "No call.")
        for call in list(self._calls):
            await self._do(protocol.GetStats(call=call))
