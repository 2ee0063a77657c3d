"""Call: a voice contact in progress, and what a flow can do with its caller."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

import structlog

from config.audio import Prompt
from telephony.asterisk.errors import AsteriskError, Refused
from telephony.asterisk.switchboard import Playing, Switchboard
from telephony.contact import Contact
from telephony.leg import Leg, LegState

log = structlog.get_logger()

LONGEST_PROMPT: Final = 300.0
MOST_KEYS_AHEAD: Final = 64
NEWS_WITHIN: Final = 1.0

T = TypeVar("T")


class Call:
    """A caller's leg and her contact. Keys pressed early are kept for the next question."""

    def __init__(self, contact: Contact, leg: Leg, switchboard: Switchboard) -> None:
        self.contact, self.leg = contact, leg
        self._switchboard = switchboard
        self._keys: asyncio.Queue[str] = asyncio.Queue(MOST_KEYS_AHEAD)
        self._interrupted = asyncio.get_running_loop().create_future()

    async def answer(self) -> None:
        """Answers the caller, once. Should that fail, she is served all the same: she hears us before an answer."""
        if self.leg.state is not LegState.RINGING:
            return
        try:
            await self._unless_gone(self._switchboard.answer(self.leg))
        except AsteriskError as error:
            log.error("caller_not_answered", contact=self.contact.id, reason=str(error))

    async def say(self, prompt: Prompt) -> None:
        """Plays a prompt to its end, or until a key is pressed (which is kept). One that cannot be played is passed
        over: the caller is asked again, or goes on."""
        if not self._keys.empty():
            return
        self._interrupted = asyncio.get_running_loop().create_future()
        try:
            played = await self._play(await self._unless_gone(self._switchboard.play(self.leg, prompt.path)))
        except AsteriskError as error:
            log.error("prompt_not_played", prompt=prompt.name, reason=str(error))
            return
        if not played:
            await self._news_of_end()
            log.error("prompt_not_played", prompt=prompt.name, reason="Asterisk could not play the file")

    async def _play(self, playing: Playing) -> bool:
        """Until it is over, or stopped by a key; tells whether it went well."""
        ends: set[asyncio.Future[Any]] = {playing.over, self._interrupted}
        await asyncio.wait(ends, timeout=LONGEST_PROMPT, return_when=asyncio.FIRST_COMPLETED)
        if playing.over.done():
            return playing.over.result()
        await self._switchboard.stop(self.leg, playing)
        return True

    async def key(self, within: float) -> str | None:
        """The next key, or None when none comes within so many seconds."""
        try:
            async with asyncio.timeout(within):
                return await self._keys.get()
        except TimeoutError:
            return None

    def hang_up(self) -> None:
        """Ends the call."""
        self._switchboard.hang_up(self.leg)

    async def end(self) -> None:
        """Ends the call, and returns when it is over (at the latest after a second)."""
        self.hang_up()
        await self._news_of_end()

    def pressed(self, key: str) -> None:
        """Takes a key from the caller; more than 64 unread ones are dropped."""
        if not self._keys.full():
            self._keys.put_nowait(key)
        if not self._interrupted.done():
            self._interrupted.set_result(None)

    async def _unless_gone(self, command: Awaitable[T]) -> T:
        try:
            return await command
        except Refused:
            await self._news_of_end()
            raise

    async def _news_of_end(self) -> None:
        """A caller who hangs up is gone a moment before we are told: what fails meanwhile waits for that news, which
        ends whatever is done for her."""
        await asyncio.wait({self.leg.ended}, timeout=NEWS_WITHIN)


CallHandler = Callable[[Call], Coroutine[Any, Any, None]]
"""What is done with a call from its arrival to its end; cancelled when the caller hangs up."""
