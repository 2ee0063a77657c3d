"""A slice of rounds on one center: settle, strike at a random moment, wait until it is back, judge."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from bridge.control import NotRunning, ask
from bridge.status import Status
from tests.bench.chaos.center import Staff
from tests.bench.chaos.journal import JournalReader
from tests.bench.chaos.judge import (
    CLEAR_WITHIN,
    DOUBLED,
    LOST,
    NOBODY,
    ORDER,
    Judge,
    Window,
    audible,
    count,
    longest,
    silent,
)
from tests.bench.chaos.load import Load
from tests.bench.chaos.people import People
from tests.bench.chaos.rounds import Round
from tests.bench.chaos.seen import Caller, Seen
from tests.bench.chaos.sound import NotHeard, Silences, Sound
from tests.bench.chaos.strike import Kind, strike
from tests.bench.soak.center import OwnCenter
from tests.servers.postgresql import PostgreSQL

SETTLED_WITHIN: Final = 60.0
BACK_WITHIN: Final = 20.0
LOOK_EVERY: Final = 0.05
ANSWERS_WITHIN: Final = 0.5
RANDOM_MOMENT: Final = 3.0
AFTERMATH: Final = 2.0
HOLD: Final = CLEAR_WITHIN + 1.5


class NotSettled(Exception):
    """So many did not come to talk and wait; with what was there instead."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many talk and how many wait at any time; `talks` at least and at most so many seconds."""

    live: int = 50
    waiting: int = 100
    talks: tuple[float, float] = (30.0, 90.0)
    spare: int = 3

    @property
    def staff(self) -> Staff:
        """Those who are needed for that: some are just being rung or write up a call."""
        return Staff(self.live + self.spare, 3)


@dataclass(slots=True)
class Slice:
    """Everybody around one center."""

    center: OwnCenter
    size: Size
    load: Load
    people: People
    sound: Sound
    database: PostgreSQL | None
    chance: random.Random
    _journal: JournalReader = field(init=False)
    _told: set[tuple[str, str]] = field(default_factory=set)
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._journal = JournalReader(self.center.instance.journal)

    async def open(self) -> None:
        """Agents sign on, talks that are listened to begin, and all others call."""
        await self.sound.open()
        await self.people.open()
        self.load.start()

    async def close(self) -> None:
        """All are gone without a word."""
        self.load.close()
        await self.people.close()
        await self.sound.close()

    async def round(self, kind: Kind) -> Round:
        """One strike and what came of it. Raises NotSettled before the strike."""
        await self._settle()
        await asyncio.sleep(self.chance.uniform(0, RANDOM_MOMENT))
        before, struck = self._seen(), time.monotonic()
        live, waiting = self._talking(before), len(self._up(before)) - self._talking(before)
        lived = sum(each.up_at(struck) for each in before.callers.values())
        back = await self._strike(kind)
        await asyncio.sleep(HOLD)
        window = Window(self._since, struck, back and struck + back, time.monotonic())
        found, silences = await self._judge(kind, window)
        made = self._round(kind, found, silences, back)
        made = msgspec.structs.replace(made, live=live, waiting=waiting, lived=lived)
        self._go_on(window.until)
        return made

    async def _strike(self, kind: Kind) -> float | None:
        struck, controller, asterisk = time.monotonic(), self.center.controller(), self.center.asterisk()
        doing = self.people.quiet.tasks.spawn(strike(kind, self.center, self.chance, self.database), kind)
        await asyncio.sleep(0.01)
        if kind is Kind.ASTERISK:
            self._all_cut()
        while time.monotonic() < struck + BACK_WITHIN:
            if await self._is_back(kind, controller, asterisk, doing):
                back = time.monotonic() - struck
                await doing
                return back
            await asyncio.sleep(LOOK_EVERY)
        await doing
        return None

    def _all_cut(self) -> None:
        """Asterisk has gone without a word: so have all calls."""
        self.load.end()
        self.people.hang_up()
        self.sound.hang_up()

    async def _is_back(self, kind: Kind, controller: int | None, asterisk: int, doing: "asyncio.Task[Any]") -> bool:
        if (status := await asyncio.to_thread(self._status)) is None or not status.ari:
            return False
        match kind:
            case Kind.KILL if status.process == controller:
                return False
            case Kind.DATABASE if not doing.done() or status.lag:
                return False
            case Kind.ASTERISK:
                reachable = status.ami and all(agent.reachable for agent in status.agents.values())
                return reachable and self._asterisk() not in (None, asterisk) and self._agrees(status)
        return self._agrees(status)

    def _asterisk(self) -> int | None:
        try:
            return self.center.asterisk()
        except (FileNotFoundError, ValueError):  # it is just being written
            return None

    def _status(self) -> Status | None:
        try:
            answer = ask(self.center.instance.control, "status", ANSWERS_WITHIN)
        except (NotRunning, OSError, msgspec.DecodeError):
            return None
        return None if answer.error else msgspec.convert(answer.result, Status)

    def _agrees(self, status: Status) -> bool:
        """Whether the center knows of exactly those who wait and talk."""
        seen = self._seen()
        up, talking = len(self._up(seen)), self._talking(seen)
        return (status.waiting["sales"], status.talking["sales"]) == (up - talking, talking)

    def _up(self, seen: Seen) -> list[Caller]:
        return [each for each in seen.callers.values() if each.queue == "sales" and each.answered and not each.ended]

    def _talking(self, seen: Seen) -> int:
        rings = (ring for ring in seen.rings if ring.phone.startswith("sales"))
        return sum(ring.answered is not None and ring.ended is None for ring in rings)

    def _seen(self) -> Seen:
        self.load.look()
        callers = dict(self.load.callers)
        callers |= {each.number: each for each in (*self.people.callers(), *self.sound.callers())}
        return Seen(callers, [*self.people.rings(), *self.sound.rings()])

    async def _settle(self) -> None:
        await self._restore()
        end = time.monotonic() + SETTLED_WITHIN
        while not await self._settled():
            if time.monotonic() > end:
                raise NotSettled(self._words())
            await asyncio.sleep(LOOK_EVERY * 2)

    def _words(self) -> str:
        seen, status = self._seen(), self._status()
        talking = self._talking(seen)
        known = f"the center knows of {status.waiting} waiting and {status.talking} talking" if status else "no status"
        return f"{len(self._up(seen)) - talking} wait and {talking} talk; {known}"

    async def _restore(self) -> None:
        if self.load.pid is None:
            self.load.start()
        try:
            await self.sound.restore()
        except NotHeard as error:
            raise NotSettled(str(error)) from error

    async def _settled(self) -> bool:
        seen = self._seen()
        talking = self._talking(seen)
        if talking < self.size.live or len(self._up(seen)) - talking < self.size.waiting:
            return False
        status = await asyncio.to_thread(self._status)
        return status is not None and status.ari and self._agrees(status)

    async def _judge(self, kind: Kind, window: Window) -> tuple[dict[str, list[str]], Silences]:
        await asyncio.to_thread(self._journal.look)
        judge = Judge(self._seen(), self._journal.kept, window)
        if kind is Kind.ASTERISK:
            return self._new(judge.of_the_end_of_asterisk()), Silences([], [])
        return self._new(judge.of_a_strike()), self.sound.silences(*_outage(kind, window))

    def _new(self, found: dict[str, list[str]]) -> dict[str, list[str]]:
        """What no earlier round has told already."""
        fresh = {what: [n for n in numbers if (what, n) not in self._told] for what, numbers in found.items()}
        self._told |= {(what, number) for what, numbers in found.items() for number in numbers}
        return {what: numbers for what, numbers in fresh.items() if numbers}

    def _round(self, kind: Kind, found: dict[str, list[str]], silences: Silences, back: float | None) -> Round:
        return Round(
            kind=kind,
            live=0,
            waiting=0,
            lived=0,
            lost=count(found, LOST),
            doubled=count(found, DOUBLED),
            overtaken=count(found, ORDER),
            for_nobody=count(found, NOBODY),
            back=back,
            gaps=audible(silences.ours),
            gap=longest(silences.ours),
            control_gaps=audible(silences.control),
            control_gap=longest(silences.control),
            silences=[*silent(silences)],
            found=found,
        )

    def _go_on(self, since: float) -> None:
        """The next round judges from here; who has gone long ago is forgotten."""
        self._since = since
        for each in (self.load, self.people, self.sound):
            each.forget(since - 10)


def _outage(kind: Kind, window: Window) -> tuple[float, float]:
    """The time whose silences the strike answers for; all of it where nothing was struck."""
    if kind is Kind.CALM or window.back is None:
        return window.since, window.until
    return window.struck, window.back + AFTERMATH
