"""The fake stage: the whole controller in this process, with a fake Asterisk, on virtual time."""

import asyncio
import json
import random
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from itertools import count
from math import inf
from pathlib import Path
from typing import Final
from unittest import mock
from uuid import UUID

import structlog
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from bridge.app import App
from bridge.center import read_center
from bridge.pbx import pin
from config.instance import Instance
from config.rendering import APP
from config.settings import Settings
from telephony.acd.eligibility import free
from telephony.acd.standing import Standing
from telephony.events import Fact, LegMoved
from telephony.tasks import TaskSet
from tests.fakes.asterisk.phones import AgentPhone
from tests.fakes.asterisk.server import FakeAsterisk
from tests.fakes.clock import VirtualClock, run, virtual_loop
from tests.playbook.evidence import Evidence, Ring, Told
from tests.playbook.fake_people import FakeAgent, FakeCaller
from tests.playbook.invariants import check
from tests.playbook.registry import Act

ARI_PORT: Final = 1
AMI_PORT: Final = 2
SETTLED_WITHIN: Final = 150.0
LOOK_EVERY: Final = 0.1
CONTACT_HEADER: Final = "PJSIP_HEADER(add,X-Contact-Id)"
_OF_CALLS: Final = ("calls:", "acd:", "switchboard:")


class FakePlay:
    """One performance on the fake stage. What only a fake can do is done with `asterisk`."""

    def __init__(self, home: Path, center: Path, asterisk: FakeAsterisk) -> None:
        self.asterisk, self._home, self._center = asterisk, home, center
        self._told: list[Told] = []
        self._wrong_lines: list[str] = []
        self.app: App
        self._replacing: asyncio.Task[None] | None = None

    async def opens(self) -> None:
        """A controller comes, and callers are served."""
        self.app = _app(self._home, self._center, self._told)
        self.app.facts.on_fact(self._compare_lines)
        with virtual_loop().real_time(), self.asterisk.at_once():
            await self.app.start()
            await self.app.heartbeat.beating.wait()

    async def dies(self) -> None:
        """The controller is killed."""
        self.app.fence.drop("killed")
        self.asterisk.sockets.drop()
        self.asterisk.manager.drop()
        with virtual_loop().real_time():
            await self.app.close()

    def is_replaced_soon(self, after: float) -> None:
        """The controller is killed at this very moment, and another one comes after so many seconds."""
        self.app.fence.drop("killed")
        self.asterisk.sockets.drop()

        async def replace() -> None:
            async with self.dead():
                await self.passes(after)

        self._replacing = self.asterisk.tasks.spawn(replace(), "replace the controller")

    async def replaced(self) -> None:
        """Returns when the last replacement is done."""
        if self._replacing:
            await self._replacing

    @asynccontextmanager
    async def dead(self) -> AsyncIterator[None]:
        """The controller is killed, and another one comes afterwards."""
        await self.dies()
        yield
        await self.opens()

    async def agent(self, name: str) -> FakeAgent:
        """An agent whose phone is registered."""
        phone = self.asterisk.agent(name)
        self.asterisk.registrar.register(phone)
        await self._becomes(lambda: self.app.acd.agents[name].reachable)
        return FakeAgent(phone, self.asterisk)

    async def caller(self, name: str) -> FakeCaller:
        """A customer with a phone."""
        return FakeCaller(self.asterisk.caller(name), self.asterisk)

    def pin(self, agent: str) -> str:
        """An agent's PIN."""
        return pin(self.app._key, agent)

    async def passes(self, seconds: float) -> None:
        """Time passes."""
        await asyncio.sleep(seconds)

    async def until(self, moment: float) -> None:
        """Time passes until a moment of the stage's clock."""
        await asyncio.sleep(moment - asyncio.get_running_loop().time())

    async def settles(self) -> None:
        """Nothing is left of any call."""
        await self._becomes(lambda: not self._left())

    @asynccontextmanager
    async def another_controller(self) -> AsyncIterator[None]:
        """Somebody else connects under our application's name."""
        async with connect(
            f"ws://127.0.0.1:{ARI_PORT}/ari/events?app={APP}", subprotocols=[Subprotocol("ari")], proxy=None
        ):
            yield

    def evidence(self) -> Evidence:
        """What can be seen of the performance."""
        return Evidence(
            told=self._told,
            queues={agent.name: agent.queues for agent in self.app.acd.agents.values()},
            rings=list(self._rings()),
            departures=self._departures(),
            left=self._left(),
            failures=list(self._failures()),
        )

    async def _becomes(self, condition: Callable[[], bool]) -> None:
        """Waits for what nobody tells, for so long; whoever judges will see whether it came."""
        for _ in range(round(SETTLED_WITHIN / LOOK_EVERY)):
            if condition():
                return
            await asyncio.sleep(LOOK_EVERY)

    def _rings(self) -> Iterator[Ring]:
        for phone in self.asterisk.phones:
            for rang in phone.rang if isinstance(phone, AgentPhone) else ():
                yield Ring(phone.name, rang.channel.variables[CONTACT_HEADER], rang.began, rang.ended)

    def _departures(self) -> dict[str, float]:
        moves = (told.fact for told in self._told if isinstance(told.fact, LegMoved))
        contacts = {move.leg_id: move.contact_id for move in moves}
        ends = {channel: at for phone in self.asterisk.phones for channel, at in phone.ends.items()}
        return {contacts[channel]: self._noticeable(at) for channel, at in ends.items() if channel in contacts}

    def _noticeable(self, at: float) -> float:
        """What happens while nobody is connected can be mended only after that."""
        gaps = self.asterisk.sockets.gaps.get(APP, ())
        return next((gap.end or inf for gap in gaps if gap.begin <= at <= (gap.end or inf)), at)

    def _left(self) -> list[str]:
        exchange, app = self.asterisk.exchange, self.app
        left = [f"channel {each.name}" for each in exchange.channels.values()]
        left += [f"bridge {each.id}" for each in exchange.bridges.values() if each.kind == "mixing" or each.members]
        left += [f"playback of {each.media}" for each in exchange.playbacks.by_id.values()]
        left += [f"leg {leg.id} {leg.state}" for leg in app.lines.legs.values()]
        left += [f"call {id}" for id in app.lines.calls]
        left += [f"assignment of {agent.name}" for agent in app.acd.agents.values() if agent.assignments]
        return left + [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(_OF_CALLS)]

    def _compare_lines(self, fact: Fact) -> None:
        """After each fact, what is told of an agent is what she is to the router."""
        now = asyncio.get_running_loop().time()
        for name, agent in self.app.acd.agents.items():
            line, verdict = self.app.floor.line(name), free(self.app.acd.staff.candidate(agent), now)
            if (line.code is Standing.FREE) != verdict.fit:
                self._wrong_lines.append(
                    f"{name} is told to be {line.code}, and to the router she is {verdict.because}"
                )

    def _failures(self) -> Iterator[str]:
        app = self.app
        yield from self._wrong_lines
        sets: list[TaskSet] = [each._tasks for each in (app, app.ari, app.front_door, app.acd, app.switchboard)]
        for tasks in (*sets, self.asterisk.tasks):
            if tasks.failures:
                yield f"{tasks.failures} tasks of {tasks._owner}"
        yield from (f"Asterisk does not know {request}" for request in self.asterisk.rest.unknown)
        if app.projector.set_aside:
            yield f"{app.projector.set_aside} facts were set aside"


def perform(act: Act, center: Path, seed: int = 0) -> None:
    """Plays a scenario on the fake stage, waits until it has settled, and checks all invariants."""
    run(_perform(act, center, seed))


@asynccontextmanager
async def fake_stage(center: Path, seed: int = 0) -> AsyncIterator[FakePlay]:
    """A controller that is connected to a fake Asterisk and serves callers; needs virtual time."""
    with tempfile.TemporaryDirectory(prefix="play-") as folder, _repeatable(seed), structlog.testing.capture_logs():
        asterisk = FakeAsterisk(seed)
        await asterisk.open(Path(folder), ARI_PORT, AMI_PORT)
        play = FakePlay(Path(folder), center, asterisk)
        await play.opens()
        try:
            yield play
        finally:
            with virtual_loop().real_time():
                await play.app.close()
                await asterisk.close()


async def _perform(act: Act, center: Path, seed: int) -> None:
    async with fake_stage(center, seed) as play:
        await act(play)
        await play.settles()
        check(play.evidence())


def _app(home: Path, directory: Path, told: list[Told]) -> App:
    instance = Instance(home)
    (home / "ports.json").write_text(json.dumps({"ari": ARI_PORT, "ami": AMI_PORT}))
    app = App(Settings(home=home), instance, _read(directory), VirtualClock())
    keep = app.journal.publish

    def publish(fact: Fact) -> None:
        told.append(Told(asyncio.get_running_loop().time(), fact))
        keep(fact)

    setattr(app.journal, "publish", publish)  # noqa: B010 - mypy does not let a method be replaced
    return app


_read = cache(read_center)


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """The same ids and the same chances each time."""
    before = random.getstate()
    random.seed(seed)
    with mock.patch("uuid_utils.uuid7", side_effect=(UUID(int=number) for number in count(1))):
        yield
    random.setstate(before)
