"""A soak from its first call to its table."""

import asyncio
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from tests.bench.soak import people
from tests.bench.soak.center import OwnCenter
from tests.bench.soak.reckoning import Findings, Kept, kept, outcomes, reckon
from tests.bench.soak.vitals import Sample, sample
from tests.fleet.call import Report
from tests.fleet.fleet import Fleet

STOP: Final = (signal.SIGINT, signal.SIGTERM)
SAMPLE_EVERY: Final = 30.0
MOST_UP: Final = 150
REACHED_WITHIN: Final = 10.0
LAST_CALL_WITHIN: Final = people.LONGEST_CALL + 10.0
CLEAR_WITHIN: Final = 10

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, how many calls a second, how many agents, and which chance."""

    seconds: float
    rate: float
    agents: int
    seed: int = 1


@dataclass(slots=True)
class Outcome:
    """All that a soak found out."""

    placed: int
    held_back: int
    fleet_failures: int
    fleet_late: int
    samples: list[Sample]
    left: Counter[str]
    callers: list[Report]
    agents: list[Report]
    outcomes: Counter[str]
    kept: Kept
    findings: Findings


@dataclass(slots=True)
class Soak:
    """One center under steady load."""

    center: OwnCenter
    plan: Plan
    say: Say
    began: float = field(default_factory=time.monotonic)
    placed: int = 0
    held_back: int = 0
    samples: list[Sample] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Outcome:
        """Until the time is over or somebody has had enough (Ctrl-C), then until nobody talks any more."""
        for number in STOP:
            asyncio.get_running_loop().add_signal_handler(number, self.enough.set)
        fleet = Fleet(self.center.server)
        try:
            await self._open(fleet)
            self.began = time.monotonic()
            fleet.tasks.spawn(self._watch(fleet), "watch")
            await self._place_calls(fleet)
            await self._last_calls(fleet)
            left = await self._clear()
            await asyncio.to_thread(self._caught_up)
            return await asyncio.to_thread(self._reckon, fleet, left)
        finally:
            await fleet.close()
            for number in STOP:
                asyncio.get_running_loop().remove_signal_handler(number)

    async def _open(self, fleet: Fleet) -> None:
        accounts = await asyncio.to_thread(self.center.accounts)
        for number, account in enumerate(accounts):
            chance = random.Random(f"{self.plan.seed} {number}")
            await fleet.hire(account, lambda chance=chance: people.manner(chance))  # type: ignore[misc]
        await asyncio.sleep(1)
        fleet.tasks.spawn(people.absences(fleet, random.Random(f"{self.plan.seed} absences")), "absences")
        fleet.tasks.spawn(people.registrations(fleet), "registrations")

    async def _place_calls(self, fleet: Fleet) -> None:
        chance, due = random.Random(self.plan.seed), self.began
        while not self.enough.is_set() and (due := due + chance.expovariate(self.plan.rate)) < self.until:
            await self._sleep(due - time.monotonic())
            if fleet.up < MOST_UP:
                self._place(fleet, people.errand(chance))
            else:
                self.held_back += 1

    def _place(self, fleet: Fleet, errand: people.Errand) -> None:
        self.placed += 1
        call = fleet.call(people.NUMBER, f"0700{self.placed:07}")
        fleet.tasks.spawn(people.run(call, errand), f"{call.report.caller} {errand.kind}")

    @property
    def until(self) -> float:
        """When no more calls are placed."""
        return self.began + self.plan.seconds

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.enough.wait()

    async def _last_calls(self, fleet: Fleet) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_CALL_WITHIN):
                await fleet.quiet()

    async def _watch(self, fleet: Fleet) -> None:
        while True:
            await asyncio.to_thread(self._sample)
            if len(self.samples) % 2:
                self.say(progress(self.samples, fleet))
            await asyncio.sleep(SAMPLE_EVERY)

    def _sample(self) -> None:
        try:
            self.samples.append(sample(self.center, time.monotonic() - self.began, self.placed))
        except OSError as error:
            self.say(f"no sample: {error}")

    async def _clear(self) -> Counter[str]:
        """What is left in Asterisk after all have gone, at the latest after a while."""
        for _ in range(CLEAR_WITHIN):
            if not any((left := await asyncio.to_thread(self._left)).values()):
                break
            await asyncio.sleep(1)
        return left

    def _left(self) -> Counter[str]:
        kinds = Counter(bridge["bridge_type"] for bridge in self.center.ari("bridges"))
        return Counter({"channels": len(self.center.ari("channels")), "mixing bridges": kinds["mixing"]})

    def _caught_up(self) -> None:
        """Wrap-ups end and the store takes up the last facts."""
        end = time.monotonic() + REACHED_WITHIN
        while time.monotonic() < end:
            time.sleep(1)
            try:
                now = kept(self.center.instance)
            except sqlite3.OperationalError:
                continue
            if now.facts == now.facts_in_journal and not now.open_interactions:
                return

    def _reckon(self, fleet: Fleet, left: Counter[str]) -> Outcome:
        self._sample()
        callers, agents, known = fleet.callers_reports(), fleet.agents_reports(), kept(self.center.instance)
        findings = reckon(callers, agents, known, self.center.instance.log)
        return Outcome(
            self.placed,
            self.held_back,
            fleet.tasks.failures,
            fleet.late,
            self.samples,
            left,
            callers,
            agents,
            outcomes(callers, known),
            known,
            findings,
        )


def progress(samples: list[Sample], fleet: Fleet) -> str:
    """One line on where a soak stands."""
    now, before = samples[-1], samples[max(len(samples) - 3, 0)]
    span = max(now.at - before.at, 0.001)
    shares = []
    for name in ("asterisk", "controller", "fleet"):
        own, earlier = getattr(now, name), getattr(before, name)
        if own and earlier:
            shares.append(f"{name} {own.memory:.0f} MB {100 * (own.processor - earlier.processor) / span:.0f} %")
    return (
        f"{now.at / 60:5.1f} min  {now.calls:6} calls  {fleet.up:3} up  {'  '.join(shares)}"
        f"  {now.channels} channels  {now.mixing}+{now.holding} bridges  {now.disk:.0f} MB on disk"
    )
