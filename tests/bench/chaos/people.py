"""Who else takes part: agents, callers who lose patience, and callers in the menu."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from tests.bench.chaos.center import MENU, SALES, Staff, account
from tests.bench.chaos.seen import Caller
from tests.bench.soak.center import OwnCenter
from tests.fleet.call import Call, Report
from tests.fleet.fleet import Fleet, Manner
from tests.fleet.phone import NotRegistered, Phone
from tests.fleet.sound import Pacer

SELDOM: Final = 5.0
SUPPORT_TALKS: Final = (6.0, 12.0)
REGISTER_EVERY: Final = 40.0
HASTY_EVERY: Final = 4.0
PATIENCE_AT_MOST: Final = 30.0
MENU_EVERY: Final = 5.0
PRESS_EVERY: Final = 6.0
MENU_AT_MOST: Final = 120.0


@dataclass(slots=True)
class People:
    """Agents of `sales` and `support`, who make hardly a sound, and callers of the fleet. `talks` is how long an agent
    of `sales` talks, at least and at most, in seconds."""

    center: OwnCenter
    staff: Staff
    talks: tuple[float, float]
    chance: random.Random
    quiet: Fleet = field(init=False)
    heard: Fleet = field(init=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _calls: list[tuple[str, Call]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.quiet = Fleet(self.center.server, Pacer(SELDOM))
        self.heard = Fleet(self.center.server)

    async def open(self) -> None:
        """Agents come to work, and callers begin to call."""
        for name, queue in self.staff.queues().items():
            if queue != "studio":
                talks = self.talks if queue == "sales" else SUPPORT_TALKS
                await self.quiet.hire(account(self.center.instance, name), lambda talks=talks: self._manner(talks))  # type: ignore[misc]
        self.quiet.tasks.spawn(stay_registered(self.quiet), "registrations")
        self.quiet.tasks.spawn(self._hasty(), "hasty callers")
        self.quiet.tasks.spawn(self._menu(), "callers in the menu")

    async def close(self) -> None:
        """All are gone without a word."""
        await self.quiet.close()
        await self.heard.close()

    def hang_up(self) -> None:
        """All calls are over without a word, as after the end of Asterisk; agents' phones stay registered."""
        for phone in self.quiet.agents:
            for call in phone.calls:
                call.vanish()
        for _, call in self._calls:
            if not call.over:
                call.vanish()

    def callers(self) -> list[Caller]:
        """Those of the fleet."""
        return [Caller.of(call.report, queue) for queue, call in self._calls]

    def rings(self) -> list[Report]:
        """What agents saw."""
        return rings(self.quiet.agents)

    def forget(self, before: float) -> None:
        """Lets go of calls that ended before a moment."""
        self._calls = [(queue, call) for queue, call in self._calls if (call.report.ended or before) >= before]
        for phone in self.quiet.agents:
            phone.reports[:] = [each for each in phone.reports if (each.ended or before) >= before]

    def _manner(self, talks: tuple[float, float]) -> Manner:
        return Manner("answers", self.chance.uniform(0.3, 3), self.chance.uniform(*talks))

    async def _hasty(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / HASTY_EVERY))
            call = self._call(self.quiet, SALES, "sales")
            self.quiet.tasks.spawn(_leave(call, self.chance.uniform(0.01, PATIENCE_AT_MOST)), call.report.caller)

    async def _menu(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / MENU_EVERY))
            call = self._call(self.heard, MENU, "support")
            self.quiet.tasks.spawn(_choose(call), call.report.caller)

    def _call(self, fleet: Fleet, number: str, queue: str) -> Call:
        call = fleet.call(number, f"0800{next(self._numbers)}")
        self._calls.append((queue, call))
        return call


async def stay_registered(fleet: Fleet) -> None:
    """Phones say again where they are long before it is forgotten."""
    while True:
        await asyncio.sleep(REGISTER_EVERY)
        for phone in fleet.agents:
            with suppress(TimeoutError, NotRegistered):  # Asterisk may just be away
                await phone.register()


def rings(agents: list[Phone]) -> list[Report]:
    """What agents' phones saw, also of calls that go on."""
    return [each for phone in agents for each in (*phone.reports, *(call.report for call in phone.calls))]


async def _leave(call: Call, patience: float) -> None:
    await call.pause(patience)
    call.hang_up()


async def _choose(call: Call) -> None:
    """Presses the key again until an agent is heard: what is pressed while nobody is in control is lost."""
    if await call.until(lambda: call.report.answered is not None, MENU_AT_MOST):
        for _ in range(int(MENU_AT_MOST / PRESS_EVERY)):
            if await call.until(lambda: bool(call.report.heard), PRESS_EVERY) or call.over:
                break
            call.press("2")
        await call.pause(MENU_AT_MOST)
    call.hang_up()
