"""The parent of the fake stage: keeps a controller running, and does to it whatever may befall a process."""

import asyncio
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from bridge.app import App
from bridge.center import read_center
from config.instance import Instance
from config.settings import Settings
from telephony.events import Fact
from telephony.tasks import TaskSet
from tests.fakes.asterisk.server import FakeAsterisk
from tests.fakes.asterisk.sockets import Gap
from tests.fakes.clock import VirtualClock, virtual_loop
from tests.playbook.evidence import Told
from tests.playbook.fake_store import shorten

ARI_PORT: Final = 1
AMI_PORT: Final = 2
Prepare = Callable[[App], None]


class FakeParent:
    """The controllers of one performance, one after the other; `app` is the last one.

    `told` has all facts of all of them, `absences` the times in which none was in control, beginning with what befell
    one and ending when another offers calls; `in_control` is set outside them. `prepare` is done with each before it
    starts."""

    def __init__(self, home: Path, center: Path, asterisk: FakeAsterisk, prepare: Prepare) -> None:
        self._home, self._center, self._asterisk, self._prepare = home, center, asterisk, prepare
        self.told: list[Told] = []
        self.absences: list[Gap] = []
        self.apps: list[App] = []
        self.tasks = TaskSet("parent")
        self.in_control = asyncio.Event()
        self._open: list[App] = []
        self._offering: list[App] = []
        self._numbers: list[int] = []
        self._kept: int | None = None
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._pause = 0.0
        (home / "ports.json").write_text(json.dumps({"ari": ARI_PORT, "ami": AMI_PORT}))

    @property
    def app(self) -> App:
        """The controller that came last, and has not been driven out."""
        return next((app for app in reversed(self._open) if app.fence.stands), self.apps[-1])

    def begins(self) -> None:
        """A controller comes, and after it another, for ever; one that runs already is replaced."""
        self.tasks.spawn(self._keep(), "keep")

    def kill(self, after: float, forgets: float = 0.0) -> None:
        """The controller is killed at this very moment; another one comes after so many seconds. What was told in the
        last seconds (`forgets`) was not on disk yet."""
        self._pause = after
        self._forget(forgets)
        self._away()
        for app in self.apps:
            app.fence.drop("it is killed")
        self._asterisk.sockets.drop()
        self._asterisk.manager.drop()
        self._thawed.set()

    def _forget(self, seconds: float) -> None:
        """Nobody ever told these facts; they are taken from the journal once its last writer has gone."""
        now, known = virtual_loop().time(), len(self._numbers)
        while self._numbers and self.told[-1].at > now - seconds and self.app.fence.stands:
            self.told.pop()
            self._numbers.pop()
        if len(self._numbers) < known:
            self._kept = self._numbers[-1] if self._numbers else 0

    def freeze(self, seconds: float, after: float) -> None:
        """The controller does nothing any more, with all its connections open, and is killed after so many seconds;
        another one comes `after` that."""
        self._thawed.clear()
        self._away()
        self.app.fence.drop("it is frozen")
        asyncio.get_running_loop().call_later(seconds, self.kill, after)

    def stand_still(self, seconds: float) -> None:
        """The controller does nothing for so long, and then all that has become due."""
        began = virtual_loop().time()
        virtual_loop().stand_still(seconds)
        self.absences.insert(0, Gap(began, virtual_loop().time()))

    async def close(self) -> None:
        """Ends all of them."""
        await self.tasks.close()
        while self._open:
            await self._open.pop().close()

    async def _keep(self) -> None:
        while True:
            app = self._make()
            starting = self.tasks.spawn(app.start(), "start")
            await app.fence.fallen.wait()
            if self._rivals(app):
                self._look()
            else:
                self._away()
            await self._thawed.wait()
            starting.cancel()
            await app.close()
            self._open.remove(app)
            if self._kept is not None:
                shorten(Instance(self._home).journal, self._kept)
                self._kept = None
            if not app.fence.taken_over:
                await asyncio.sleep(self._pause)
            if app.fence.taken_over or self._rivals(app):
                return

    def _rivals(self, app: App) -> bool:
        """Whether another controller stands beside this one."""
        return any(each.fence.stands for each in self._open if each is not app)

    def _look(self) -> None:
        """Notes that the controller is in control, if it is."""
        if self.app.fence.stands and self.app in self._offering:
            self.absences[-1].end = self.absences[-1].end or virtual_loop().time()
            self.in_control.set()

    def _away(self) -> None:
        """Nobody is in control from now on."""
        self.in_control.clear()
        if not self.absences or self.absences[-1].end is not None:
            self.absences.append(Gap(virtual_loop().time()))

    def _make(self) -> App:
        self._away()
        app = App(Settings(home=self._home), Instance(self._home), _read(self._center), VirtualClock())
        self._prepare(app)
        self._listen(app)
        self.apps.append(app)
        self._open.append(app)
        return app

    def _listen(self, app: App) -> None:
        """Hears each fact as it is kept, and when offers are made; the store is left for the end."""
        keep, go_on = app.journal.publish, app.acd.go_on

        def publish(fact: Fact) -> None:
            self.told.append(Told(virtual_loop().time(), fact))
            keep(fact)
            self._numbers.append(app.journal.last)

        def offer() -> None:
            self._offering.append(app)
            self._look()
            go_on()

        setattr(app.journal, "publish", publish)  # noqa: B010 - mypy does not let a method be replaced
        setattr(app.acd, "go_on", offer)  # noqa: B010
        setattr(app.projector, "run", _rest)  # noqa: B010


async def _rest() -> None:
    """Nothing is projected while people act: threads would decide what happens first."""


_read = cache(read_center)
