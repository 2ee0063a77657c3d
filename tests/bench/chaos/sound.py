"""The calls that are listened to: talks and waiting callers of ours, and as many of Asterisk's own."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.bench.chaos.center import CONTROL, CONTROL_MUSIC, PATIENCE, STUDIO, account, add_control
from tests.bench.chaos.people import rings, stay_registered
from tests.bench.chaos.seen import Caller
from tests.bench.soak.center import OwnCenter
from tests.fleet.call import Call, Report
from tests.fleet.fleet import Fleet, Manner
from tests.fleet.gaps import Gap, Gaps
from tests.fleet.phone import Phone
from tests.fleet.sound import Pacer

WAITERS: Final = 2
FOR_EVER: Final = 1e9
UP_WITHIN: Final = 10.0


class NotHeard(Exception):
    """A call that is listened to did not come to sound; with those that are there."""


@dataclass(frozen=True, slots=True)
class Silences:
    """Gaps of a time by who had them, ours and those of the control calls."""

    ours: list[tuple[str, Gap]]
    control: list[tuple[str, Gap]]


@dataclass(slots=True)
class Sound:
    """So many talks that never end, callers who wait for ever, and their controls. All speak on one timer."""

    center: OwnCenter
    talks: int
    fleet: Fleet = field(init=False)
    callee: Phone = field(init=False)
    _calls: dict[str, Call] = field(default_factory=dict)
    _ended: list[Call] = field(default_factory=list)
    _dialled: int = 0

    def __post_init__(self) -> None:
        pacer = Pacer()
        self.fleet = Fleet(self.center.server, pacer)
        self.callee = Phone("control-callee", self.center.server, pacer, on_call=lambda _, call: call.answer())

    async def open(self) -> None:
        """Agents of the studio come to work."""
        for number in range(1, self.talks + 1):
            login = account(self.center.instance, f"studio-{number}")
            await self.fleet.hire(login, lambda: Manner("answers", 0.1, FOR_EVER))
        self.fleet.tasks.spawn(stay_registered(self.fleet), "registrations")

    async def restore(self) -> None:
        """Dials whatever is not up, and returns once all is heard. Raises NotHeard."""
        await asyncio.to_thread(add_control, self.center.instance, self.callee.address)
        for name, number in self._wanted():
            if (call := self._calls.get(name)) is None or call.over:
                self._ended += [call] if call else []
                self._dialled += 1
                self._calls[name] = self.fleet.call(number, f"0900{self._dialled}")
        end = time.monotonic() + UP_WITHIN
        while not self._all_heard():
            if time.monotonic() > end:
                raise NotHeard(
                    ", ".join(f"{name} {'hears' if gaps.last else 'deaf'}" for name, gaps in self._listening())
                )
            await asyncio.sleep(0.05)

    def _wanted(self) -> Iterator[tuple[str, str]]:
        yield from ((f"talk-{number}", STUDIO) for number in range(1, self.talks + 1))
        yield from ((f"music-{number}", PATIENCE) for number in range(1, WAITERS + 1))
        yield from ((f"control-talk-{number}", CONTROL) for number in range(1, self.talks + 1))
        yield from ((f"control-music-{number}", CONTROL_MUSIC) for number in range(1, WAITERS + 1))

    def _all_heard(self) -> bool:
        listening = [*self._listening()]
        return len(listening) == 2 * (2 * self.talks + WAITERS) and all(gaps.last for _, gaps in listening)

    def _listening(self) -> Iterator[tuple[str, Gaps]]:
        for name, call in self._calls.items():
            yield name, call.sounds if "music" in name else call.voices
        for phone in (*self.fleet.agents, self.callee):
            yield from ((phone.name, call.voices) for call in phone.calls)

    def silences(self, since: float, until: float) -> Silences:
        """Those that were, in part at least, between two moments."""
        every = [(name, gap) for name, gaps in self._listening() for gap in gaps.until(time.monotonic())]
        found = [(name, gap) for name, gap in every if gap.until > since and gap.since < until]
        ours = [each for each in found if not each[0].startswith("control")]
        return Silences(ours, [each for each in found if each[0].startswith("control")])

    def callers(self) -> list[Caller]:
        """Those of ours."""
        ours = [Caller.of(call.report, _queue(name)) for name, call in self._calls.items() if "control" not in name]
        return [*ours, *(Caller.of(call.report, "") for call in self._ended)]

    def rings(self) -> list[Report]:
        """What agents of the studio saw."""
        return rings(self.fleet.agents)

    def forget(self, before: float) -> None:
        """Lets go of what was before a moment."""
        self._ended.clear()
        for _, gaps in self._listening():
            gaps.found[:] = [gap for gap in gaps.found if gap.until > before]

    def hang_up(self) -> None:
        """All calls are over without a word."""
        for phone in (*self.fleet.agents, self.callee):
            for call in phone.calls:
                call.vanish()
        for call in self._calls.values():
            if not call.over:
                call.vanish()
        self._calls.clear()

    async def close(self) -> None:
        """Ends all."""
        self.callee.close()
        await self.fleet.close()


def _queue(name: str) -> str:
    return "studio" if name.startswith("talk") else "patience"
