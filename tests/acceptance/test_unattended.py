"""What callers meet while nobody is in control, as an administrator wrote it, and that they are known afterwards."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bridge.pbx import doors
from config.instance import Instance
from telephony.asterisk.ami import Ami
from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.unserved import forget, unserved_callers
from telephony.clock import SystemClock
from telephony.tasks import TaskSet
from tests import audio
from tests.acceptance.conftest import Phones, Throughline, a_center
from tests.fleet.fleet import Fleet

RULE = "\nunattended: {answer_after: 2 s, give_up_after: 3 s, ring: [ana, bruno], ring_for: 5 s}\n"
CALLERS_TONE, AGENTS_TONE = 1000, 620
# A number that would end the function that filters it, and be worked out.
HOSTILE = "55%29%7D%3A1%2C%24%7BEPOCH%7D%22%5D"


@pytest.fixture(scope="module")
def own(asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """A center of these tests' own, with that rule."""
    with a_center(asterisk_program) as running:
        center = running.home / "center/center.yaml"
        center.write_text(center.read_text() + RULE)
        assert running.command("apply").returncode == 0
        yield running


@pytest.fixture
async def people(own: Throughline, tmp_path: Path) -> AsyncIterator[Phones]:
    """Phones at that center."""
    async with AsyncExitStack() as stack:
        yield Phones(own, stack, tmp_path)


@asynccontextmanager
async def nobody_in_control(own: Throughline) -> AsyncIterator[None]:
    """The controller and its parent end, and come back."""
    assert own.process is not None
    own.process.send_signal(signal.SIGINT)
    await asyncio.to_thread(own.process.wait, 20)
    try:
        yield
    finally:
        await asyncio.to_thread(own.run)


@asynccontextmanager
async def manager(own: Throughline) -> AsyncIterator[Ami]:
    """Asterisk's manager interface."""
    connected = asyncio.Event()

    async def on_connect() -> None:
        connected.set()

    ami = Ami(doors(Instance(own.home)).ami, SystemClock(), on_connect, lambda *_: None)
    tasks = TaskSet("test")
    tasks.spawn(ami.run(), "ami")
    await asyncio.wait_for(connected.wait(), 10)
    yield ami
    await tasks.close()


async def test_a_caller_hears_her_call_ring_until_it_is_answered(own: Throughline, people: Phones) -> None:
    caller = await people.caller("first")
    await caller.call("1000")
    await caller.ringing()
    await caller.answered()
    await asyncio.sleep(1)
    await caller.hangup()
    assert audio.loud_seconds(people.heard("first")) > 0.5


async def test_an_agents_phone_rings_and_the_talk_outlives_the_return_of_control(
    own: Throughline, people: Phones
) -> None:
    ana = await people.agent("ana", tone=AGENTS_TONE)
    async with nobody_in_control(own):
        caller = await people.caller("lucky", tone=CALLERS_TONE)
        await caller.call("1000")
        await caller.early_media()
        await caller.answered()
        await ana.incoming(within=8)
        await ana.answer()
        await asyncio.sleep(1)
    await asyncio.sleep(3)  # the talk goes on, and nobody takes it for anything else
    await ana.hangup()
    assert (await caller.disconnected()).by == "them"
    assert audio.seconds_of(people.heard("ana"), CALLERS_TONE) > 3.5
    assert audio.seconds_of(people.heard("lucky"), AGENTS_TONE) > 3.5


async def test_who_is_turned_away_is_told_so_and_known_afterwards(own: Throughline, people: Phones) -> None:
    fleet = Fleet(("127.0.0.1", int(own.sip.rpartition(":")[2])))
    async with nobody_in_control(own):
        caller = await people.caller("0301234")
        hostile = fleet.call("1000", HOSTILE)
        await caller.call("1000")
        await caller.answered()
        await caller.disconnected(within=25)
        assert await hostile.until(lambda: hostile.over, 5)
        async with manager(own) as ami:
            found = await unserved_callers(ami)
            numbers = [each.customer for each in found]
            assert ([each.address for each in found], "0301234" in numbers) == (["1000"] * 2, True)
            assert all(set(each) <= set("0123456789+") for each in numbers)
            for each in found:
                await forget(ami, each)
            assert await unserved_callers(ami) == []
    await fleet.close()
