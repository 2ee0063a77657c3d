"""The fake stage: the whole controller in this process, with a fake Asterisk, on virtual time."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest import mock
from uuid import UUID

from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from bridge.app import App
from bridge.pbx import pin
from config.rendering import APP
from telephony.acd.eligibility import free
from telephony.acd.standing import Standing
from telephony.events import Fact, LegMoved
from telephony.leg import Party
from telephony.tasks import TaskSet
from tests.fakes.asterisk.phones import AgentPhone
from tests.fakes.asterisk.server import FakeAsterisk
from tests.fakes.asterisk.sockets import Gap
from tests.fakes.clock import run, virtual_loop
from tests.playbook.evidence import Evidence, Ring
from tests.playbook.fake_parent import AMI_PORT, ARI_PORT, FakeParent
from tests.playbook.fake_people import FakeAgent, FakeCaller
from tests.playbook.fake_store import empty_store, project
from tests.playbook.invariants import LONGEST_STRAY_RING, check
from tests.playbook.registry import Act

MEMORY: Final = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)
SETTLED_WITHIN: Final = 150.0
SERVED_WITHIN: Final = 30.0
LOOK_EVERY: Final = 0.1
CONTACT_HEADER: Final = "PJSIP_HEADER(add,X-Contact-Id)"
_OF_CALLS: Final = ("calls:", "acd:", "switchboard:")


class FakePlay:
    """One performance on the fake stage. What only a fake can do is done with `asterisk`, and what befalls a
    controller by its `parent`."""

    def __init__(self, home: Path, center: Path, asterisk: FakeAsterisk) -> None:
        self.asterisk = asterisk
        self.parent = FakeParent(home, center, asterisk, lambda app: app.facts.on_fact(self._compare_lines))
        self.refused = 0
        self._home = home
        self._wrong_lines: list[str] = []
        self._broken: list[str] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, what: self._broken.append(str(what)))

    @property
    def app(self) -> App:
        """The controller that came last."""
        return self.parent.app

    async def opens(self) -> None:
        """A controller comes, and callers are served."""
        with self.asterisk.at_once():
            self.parent.begins()
            await asyncio.sleep(0)
            await self.served()

    async def served(self) -> None:
        """Returns when a controller is in control. Raises TimeoutError when none comes."""
        async with asyncio.timeout(SERVED_WITHIN):
            await self.parent.in_control.wait()
            await self.app.heartbeat.beating.wait()

    def is_replaced_soon(self, after: float) -> None:
        """The controller is killed at this very moment, and another one comes after so many seconds."""
        self.parent.kill(after)

    @asynccontextmanager
    async def dead(self) -> AsyncIterator[None]:
        """The controller is killed, and another one comes afterwards."""
        self.parent.kill(inf)
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
            told=self.parent.told,
            queues={agent.name: agent.queues for agent in self.app.acd.agents.values()},
            rings=list(self._rings()),
            departures=self._departures(),
            absences=[(gap.begin, gap.end or inf) for gap in self._gaps()],
            left=self._left(),
            failures=list(self._failures()),
        )

    async def is_kept(self) -> None:
        """The controller ends, and all that it told is projected into a store."""
        await self.parent.close()
        with virtual_loop().real_time():
            self.refused = await project(self._home)

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
        moves = (told.fact for told in self.parent.told if isinstance(told.fact, LegMoved))
        contacts = {move.leg_id: move.contact_id for move in moves if move.party == Party.CALLER}
        ends = {channel: at for phone in self.asterisk.phones for channel, at in phone.ends.items()}
        return {contacts[channel]: self._noticeable(at) for channel, at in ends.items() if channel in contacts}

    def _gaps(self) -> list[Gap]:
        """When nobody was connected, or in control."""
        return sorted([*self.asterisk.sockets.gaps.get(APP, ()), *self.parent.absences], key=lambda gap: gap.begin)

    def _noticeable(self, at: float) -> float:
        """What happens while nobody is in control can be mended only after that."""
        for gap in self._gaps():
            if gap.begin - LONGEST_STRAY_RING <= at <= (end := gap.end or inf):
                at = end
        return at

    def _left(self) -> list[str]:
        exchange, app = self.asterisk.exchange, self.app
        left = [] if self.parent.in_control.is_set() else ["nobody is in control"]
        left += [f"channel {each.name}" for each in exchange.channels.values()]
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
        yield from (*self._wrong_lines, *self._broken)
        parts = ((app, app.ari, app.front_door, app.acd, app.switchboard) for app in self.parent.apps)
        sets: list[TaskSet] = [each._tasks for part in parts for each in part]
        for tasks in (*sets, self.asterisk.tasks, self.parent.tasks):
            if tasks.failures:
                yield f"{tasks.failures} tasks of {tasks._owner}"
        if len(self.parent.apps) == 1:  # a killed one's last command may be done after its successor has looked
            yield from (f"{count} times healed: {kind}" for kind, count in self.app._reconciler.healings.items())
        yield from (f"Asterisk does not know {request}" for request in self.asterisk.rest.unknown)


def perform(act: Act, center: Path, seed: int = 0) -> None:
    """Plays a scenario on the fake stage, waits until it has settled, and checks all invariants."""
    empty_store()
    run(_perform(act, center, seed))


@asynccontextmanager
async def fake_stage(center: Path, seed: int = 0) -> AsyncIterator[FakePlay]:
    """A controller that is connected to a fake Asterisk and serves callers; needs virtual time."""
    with TemporaryDirectory(prefix="play-", dir=MEMORY) as folder, _repeatable(seed), capture_logs():
        asterisk = FakeAsterisk(seed)
        await asterisk.open(Path(folder), ARI_PORT, AMI_PORT)
        play = FakePlay(Path(folder), center, asterisk)
        await play.opens()
        try:
            yield play
        finally:
            await play.parent.close()
            await asterisk.close()


async def _perform(act: Act, center: Path, seed: int) -> None:
    async with fake_stage(center, seed) as play:
        await act(play)
        await play.settles()
        evidence = play.evidence()
        await play.is_kept()
    check(evidence)
    assert not play.refused, f"{play.refused} facts were set aside"


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """The same ids and the same chances each time."""
    before = random.getstate()
    random.seed(seed)
    with mock.patch("uuid_utils.uuid7", side_effect=(UUID(int=number) for number in count(1))):
        yield
    random.setstate(before)
