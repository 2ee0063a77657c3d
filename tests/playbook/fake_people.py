"""People of the fake stage: each word acts on, or waits for, a phone of the fake Asterisk."""

import asyncio
from collections.abc import Callable

from tests.fakes.asterisk.hearing import Heard
from tests.fakes.asterisk.phones import AgentPhone, CallerPhone, Phone
from tests.fakes.asterisk.server import FakeAsterisk
from tests.playbook.play import SOON, Person
from tests.playbook.sounds import SILENCE


class FakePerson:
    """Somebody with a phone of the fake Asterisk. She remembers up to where she has told what she heard."""

    def __init__(self, phone: Phone, asterisk: FakeAsterisk) -> None:
        self.phone, self._asterisk = phone, asterisk
        self._told = 0
        self._calls_told = 0

    @property
    def name(self) -> str:
        """Also what others hear when she speaks."""
        return self.phone.name

    async def dials(self, number: str) -> None:
        """Calls; what she heard before that is told."""
        self._told = len(self.phone.heard) - 1
        self.phone.dial(number)

    async def hears(self, what: str | Person, within: float = SOON) -> None:
        """Something begins to be heard, or still is."""
        sound = what if isinstance(what, str) else what.name
        await self._until(lambda: self._next(sound) is not None, f"heard {sound}", within)
        self._told = self._next(sound) or 0

    async def hears_all(self, prompt: str, within: float = SOON) -> None:
        """Something is heard until it ends by itself."""
        await self.hears(prompt, within)
        playback = self.phone.channel.playing[0] if self.phone.channel else None
        await self._until(lambda: self._told + 1 < len(self.phone.heard), f"heard all of {prompt}", within)
        assert playback is not None, f"{self.name} heard {prompt} after the end of the call"
        assert playback.whole, f"{self.name} heard only a part of {prompt}"

    async def presses(self, keys: str) -> None:
        """Presses keys, which takes a moment each."""
        await self.phone.press(keys)

    async def hangs_up(self) -> None:
        """Ends the call."""
        self.phone.hang_up()
        await self._until(lambda: self.phone.channel is None, "could hang up")
        self._calls_told = len(self.phone.ends)

    async def is_hung_up(self, within: float = SOON) -> None:
        """The other side ends the call."""
        await self._until(lambda: len(self.phone.ends) > self._calls_told, "was hung up", within)
        self._calls_told = len(self.phone.ends)

    async def vanishes(self) -> None:
        """The phone dies."""
        self.phone.vanish()

    async def _until(self, condition: Callable[[], bool], what: str, within: float = SOON) -> None:
        came = await self._asterisk.until(condition, within)
        assert came, f"{self.name} never {what} within {within:g} s; heard: {self._story()}"

    def _next(self, sound: str) -> int | None:
        wanted: Heard = frozenset() if sound == SILENCE else frozenset({sound})
        heard = enumerate(self.phone.heard)
        return next((number for number, (_, each) in heard if number >= self._told and each == wanted), None)

    def _story(self) -> str:
        return ", ".join(f"{' and '.join(sorted(what)) or SILENCE} at {at:.3f}" for at, what in self.phone.heard)


class FakeCaller(FakePerson):
    """A customer of the fake stage."""

    phone: CallerPhone


class FakeAgent(FakePerson):
    """An agent of the fake stage."""

    phone: AgentPhone

    def __init__(self, phone: AgentPhone, asterisk: FakeAsterisk) -> None:
        super().__init__(phone, asterisk)
        self._rings_told = 0

    async def rings(self, within: float = SOON) -> None:
        """The phone begins to ring."""
        await self._until(lambda: len(self.phone.rang) > self._rings_told, "was rung", within)
        self._rings_told = len(self.phone.rang)

    async def answers(self) -> None:
        """Picks up."""
        assert self.phone.channel, f"{self.name} has no call to answer"
        self.phone.answer()
        await self._until(lambda: self.phone.channel is None or self.phone.channel.state == "Up", "got through")

    async def declines(self) -> None:
        """Refuses."""
        self.phone.decline()
        await self.stops_ringing()

    async def is_busy(self) -> None:
        """Refuses as busy."""
        self.phone.be_busy()
        await self.stops_ringing()

    async def stops_ringing(self, within: float = SOON) -> None:
        """The phone goes quiet."""
        await self._until(lambda: not self.phone.rings, "stopped ringing", within)
        self._calls_told = len(self.phone.ends)

    async def does_not_ring(self, seconds: float) -> None:
        """The phone stays quiet."""
        await asyncio.sleep(seconds)
        assert len(self.phone.rang) == self._rings_told, f"{self.name} was rung"

    async def leaves(self) -> None:
        """The phone is switched off."""
        self._asterisk.registrar.unregister(self.phone)

    async def comes_back(self) -> None:
        """The phone is switched on again."""
        self.phone.vanished = False
        self._asterisk.registrar.register(self.phone)

    async def vanishes(self) -> None:
        """The phone dies; Asterisk goes on thinking that it is there for a while."""
        await super().vanishes()
        self._asterisk.registrar.lose(self.phone)
