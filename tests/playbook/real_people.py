"""People of the real stage: each word is done by a softphone, or judged from what it recorded."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np

from telephony.phone import protocol
from telephony.phone.mailbox import PhoneTimeout
from telephony.phone.remote import Phone
from tests import audio
from tests.audio import Samples
from tests.playbook.play import SOON, Person
from tests.playbook.real_ears import Ears

LOOK_EVERY = 0.2
WHOLE = 0.8
NETWORK = 1.0


class RealPerson:
    """Somebody with a softphone, who speaks a tone of her own and remembers up to where she has told what she heard."""

    def __init__(self, name: str, phone: Phone, ears: Ears, recording: Callable[[int], Path]) -> None:
        self._name, self.phone, self._ears, self._recording = name, phone, ears, recording
        self.gone_at: float | None = None
        self._call = 0
        self._told = 0

    @property
    def name(self) -> str:
        """Also the user part of her address."""
        return self._name

    async def dials(self, number: str) -> None:
        """Calls."""
        self._begin(await self.phone.call(number))

    async def hears(self, what: str | Person, within: float = SOON) -> None:
        """Something is heard, after what was told before."""
        sound = what if isinstance(what, str) else what.name
        search = self._ears.search(sound, self._told)
        self._told = await self._until(lambda: search.look(self._heard()), f"heard {sound}", within + NETWORK)

    async def hears_all(self, prompt: str, within: float = SOON) -> None:
        """A whole prompt is heard."""
        await self.hears(prompt, within)
        patience = self._ears.seconds(prompt) + NETWORK
        await self._until(
            lambda: self._ears.share(prompt, self._heard()[self._told :]) > WHOLE or None,
            f"heard all of {prompt}",
            patience,
        )

    async def presses(self, keys: str) -> None:
        """Presses keys, once there is somebody to hear them."""
        await self.phone.dtmf(keys, seconds=0.1, call=self._call)
        await asyncio.sleep(0.15 * len(keys))

    async def hangs_up(self) -> None:
        """Sends a BYE or a CANCEL."""
        await self.phone.hangup(call=self._call)

    async def is_hung_up(self, within: float = SOON) -> None:
        """A BYE comes."""
        await self.phone.disconnected(within + NETWORK, call=self._call)

    async def vanishes(self) -> None:
        """The phone's process is killed."""
        self.gone_at = asyncio.get_running_loop().time()
        self.phone.kill()

    def _heard(self) -> Samples:
        """All of this call so far."""
        file = self._recording(self._call)
        if not file.exists() or file.stat().st_size <= audio.HEADER:
            return np.zeros(0)
        return audio.read(file)

    async def _until(self, look: Callable[[], int | bool | None], what: str, within: float) -> int:
        """Looks again and again until something is found; a look takes a while, so it is taken on a thread."""
        end = asyncio.get_running_loop().time() + within
        while (found := await asyncio.to_thread(look)) is None:
            assert asyncio.get_running_loop().time() < end, f"{self.name} never {what} within {within:g} s"
            await asyncio.sleep(LOOK_EVERY)
        return int(found)

    def _begin(self, call: int) -> None:
        self._call, self._told = call, 0


class RealCaller(RealPerson):
    """A customer of the real stage."""


class RealAgent(RealPerson):
    """An agent of the real stage."""

    async def rings(self, within: float = SOON) -> None:
        """An INVITE comes."""
        self._begin((await self.phone.incoming(within + NETWORK)).call)

    async def answers(self) -> None:
        """Picks up."""
        await self.phone.answer(call=self._call)

    async def declines(self) -> None:
        """603."""
        await self.phone.decline(call=self._call)
        await self.phone.disconnected(call=self._call)

    async def is_busy(self) -> None:
        """486."""
        await self.phone.busy(call=self._call)
        await self.phone.disconnected(call=self._call)

    async def stops_ringing(self, within: float = SOON) -> None:
        """A CANCEL comes."""
        await self.phone.disconnected(within + NETWORK, call=self._call)

    async def does_not_ring(self, seconds: float) -> None:
        """No INVITE comes."""
        try:
            await self.phone.incoming(within=seconds)
        except PhoneTimeout:
            return
        raise AssertionError(f"{self.name} was rung")

    async def leaves(self) -> None:
        """Unregisters."""
        await self.phone.unregister()

    async def comes_back(self) -> None:
        """Registers."""
        await self.phone.register()

    def rang(self) -> list[tuple[str, float, float | None]]:
        """Each ring: the contact it was for, when it began and when it ended."""
        past = list(self.phone.events.past)
        ends = {e.call: e.at for e in reversed(past) if isinstance(e, protocol.Confirmed | protocol.Disconnected)}
        rings = [event for event in past if isinstance(event, protocol.Incoming)]
        return [(each.headers["X-Contact-Id"], each.at, ends.get(each.call, self.gone_at)) for each in rings]
