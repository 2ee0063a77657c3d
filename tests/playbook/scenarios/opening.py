"""Opening hours: holidays, the night in which the clocks go back, and who waits when a queue closes."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from bridge.app import _agents, _policies
from bridge.center import read_center
from tests.fakes import clock
from tests.playbook.fake_people import FakeCaller
from tests.playbook.fake_stage import FakePlay
from tests.playbook.registry import on_the_fake
from tests.playbook.sounds import MUSIC

# The shipped flow asks for `always`; the queue sales, behind 1001, goes by them too.
HOURS = """\
always:
  timezone: Europe/London
  week:
    mon-sat: ["09:00-18:00"]
    sun: ["00:00-01:30"]
  holidays:
    2026-12-25: Christmas Day
"""


@contextmanager
def _with_hours(play: FakePlay) -> Iterator[None]:
    """The center, edited."""
    with tempfile.TemporaryDirectory(prefix="hours-") as folder:
        edited = Path(folder) / "center"
        shutil.copytree(play.app.whole.center.directory, edited)
        (edited / "hours.yaml").write_text(HOURS)
        queues = edited / "queues.yaml"
        queues.write_text(queues.read_text().replace("title: Sales,", "title: Sales, hours: always,"))
        play.app._walks.whole = read_center(edited)
        play.app.acd.configure(_policies(play.app.whole.center), _agents(play.app.whole.center))
        yield


@contextmanager
def _at(moment: str) -> Iterator[None]:
    """It is then, by the world's clock, and time goes on from there."""
    then = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with mock.patch.object(clock, "BEGIN", then - timedelta(seconds=asyncio.get_running_loop().time())):
        yield


async def _is_welcome(bob: FakeCaller) -> None:
    await bob.dials("1000")
    await bob.hears("welcome")
    await bob.hangs_up()


async def _is_told_that_it_is_closed(bob: FakeCaller) -> None:
    await bob.dials("1000")
    await bob.hears_all("closed")
    await bob.is_hung_up()


@on_the_fake
async def closed_on_a_holiday(play: FakePlay) -> None:
    bob = await play.caller("bob")
    with _with_hours(play):
        with _at("2026-12-24 11:00"):
            await _is_welcome(bob)
        with _at("2026-12-25 11:00"):
            await _is_told_that_it_is_closed(bob)
        with _at("2026-12-26 11:00"):
            await _is_welcome(bob)
        await play.settles()


@on_the_fake
async def the_hour_that_comes_twice_is_open_twice(play: FakePlay) -> None:
    bob = await play.caller("bob")
    with _with_hours(play):
        with _at("2026-10-25 00:15"):
            await _is_welcome(bob)
        with _at("2026-10-25 00:45"):
            await _is_told_that_it_is_closed(bob)
        with _at("2026-10-25 01:15"):
            await _is_welcome(bob)
        with _at("2026-10-25 01:45"):
            await _is_told_that_it_is_closed(bob)
        await play.settles()


@on_the_fake
async def who_waits_when_the_queue_closes_is_served(play: FakePlay) -> None:
    bob, kim = await play.caller("bob"), await play.caller("kim")
    with _with_hours(play), _at("2026-12-24 17:59:30"):
        await bob.dials("1001")
        await bob.hears(MUSIC)
        await play.passes(60)
        await kim.dials("1001")
        await kim.hears_all("unavailable")
        await kim.is_hung_up()
        ana = await play.agent("ana")
        await ana.rings()
        await ana.answers()
        await ana.hears(bob)
        await bob.hangs_up()
        await play.settles()


@on_the_fake
async def the_center_that_ships_is_open_in_the_middle_of_the_night(play: FakePlay) -> None:
    bob = await play.caller("bob")
    with _at("2026-12-25 03:00"):
        await _is_welcome(bob)
        await play.settles()
