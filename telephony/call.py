"""Call: a voice contact in progress, and what a flow can do with its caller."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

from config.audio import Prompt
from telephony.asterisk.errors import Refused
from telephony.asterisk.switchboard import Switchboard
from telephony.contact import Contact
from telephony.leg import Leg, LegState

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
        """Answers the caller, once. Raises AsteriskError."""
        if self.leg.state is LegState.RINGING:
            await self._unless_gone(self._switchboard.answer(self.leg))

    async def say(self, prompt: Prompt) -> None:
        """Plays a prompt to its end, or until a key is pressed (which is kept). Raises AsteriskError."""
        if not self._keys.empty():
            return
        self._interrupted = asyncio.get_running_loop().create_future()
        playing = await self._unless_gone(self._switchboard.play(self.leg, prompt.path))
        ends = {playing.over, self._interrupted}
        await asyncio.wait(ends, timeout=LONGEST_PROMPT, return_when=asyncio.FIRST_COMPLETED)
        if not playing.over.done():
            await self._switchboard.stop(self.leg, playing)

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

    def pressed(self, key: str) -> None:
        """Takes a key from the caller; more than 64 unread ones are dropped."""
        if not self._keys.full():
            self._keys.put_nowait(key)
        if not self._interrupted.done():
            self._interrupted.set_result(None)

    async def _unless_gone(self, command: Awaitable[T]) -> T:
        """A caller who hangs up is gone a moment before we are told: what fails meanwhile waits for that news, which
        ends whatever is done for her."""
        try:
            return await command
        except Refused:
            await asyncio.wait({self.leg.ended}, timeout=NEWS_WITHIN)
            raise


CallHandler = Callable[[Call], Coroutine[Any, Any, None]]
"""What is done with a call from its arrival to its end; cancelled when the caller hangs up."""
