"""A center that is being stopped serves those who are there, takes nobody else, and can be told to stay."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.process import AsteriskProcess
from telephony.phone.mailbox import PhoneError
from telephony.phone.remote import Phone
from tests.acceptance.conftest import Phones, Throughline, a_center


@pytest.fixture(scope="module")
def own(asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """A center of these tests' own, which ends with them."""
    with a_center(asterisk_program) as running:
        yield running


@pytest.fixture
async def people(own: Throughline, tmp_path: Path) -> AsyncIterator[Phones]:
    """Phones at that center."""
    async with AsyncExitStack() as stack:
        yield Phones(own, stack, tmp_path)


def stopping(own: Throughline, grace: int) -> subprocess.Popen[str]:
    """`throughline stop`, under way."""
    command = (sys.executable, "-u", "-m", "bridge.cli", "stop", "--grace", str(grace))
    return subprocess.Popen(command, env=own.environment, stdout=subprocess.PIPE, text=True)


async def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), 15)


async def rest(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = await asyncio.wait_for(asyncio.to_thread(process.communicate), 40)
    return process.returncode, said


async def waiting(people: Phones, name: str) -> Phone:
    """A caller who waits for sales."""
    caller = await people.caller(name)
    await caller.call("1000")
    await caller.answered()
    await caller.dtmf("1")
    return caller


async def is_refused(people: Phones, name: str) -> bool:
    caller = await people.caller(name)
    await caller.call("1000")
    try:
        await caller.answered(within=5)
    except PhoneError:
        return (await caller.disconnected()).code == 503
    return False


async def test_ctrl_c_leaves_all_as_it_was(own: Throughline, people: Phones) -> None:
    caller = await waiting(people, "patient")
    stop = stopping(own, 30)
    assert (await line(stop)).startswith("1 call is still up, for 30 s at most; new ones are refused.")
    assert await is_refused(people, "refused")
    stop.send_signal(signal.SIGINT)
    status, said = await rest(stop)
    assert (status, "Nothing is stopped" in said) == (130, True)
    later = await waiting(people, "later")
    await later.hangup()
    await caller.hangup()


async def test_a_door_that_nobody_holds_opens_by_itself(own: Throughline, people: Phones) -> None:
    caller = await waiting(people, "patient")
    stop = stopping(own, 30)
    await line(stop)
    stop.kill()
    await rest(stop)
    assert await is_refused(people, "refused")
    async with asyncio.timeout(15):
        while await is_refused(people, "early"):
            await asyncio.sleep(1)
    await caller.hangup()


async def test_who_waits_is_served_and_then_all_ends(
    own: Throughline, people: Phones, asterisk_program: AsteriskProgram
) -> None:
    caller = await waiting(people, "patient")
    stop = stopping(own, 30)
    await line(stop)
    ana = await people.agent("ana")
    await ana.incoming()
    await ana.answer()
    await asyncio.sleep(1)
    await caller.hangup()
    await ana.disconnected()
    assert await rest(stop) == (0, "Stopped.\n")
    assert AsteriskProcess(asterisk_program, own.home / "asterisk").pid() is None


async def test_who_stays_longer_is_cut_off_and_counted(own: Throughline, people: Phones) -> None:
    await asyncio.to_thread(own.run)
    await waiting(people, "endless")
    status, said = await rest(stopping(own, 2))
    assert status == 0
    assert said.splitlines()[1:] == ["1 call was cut off.", "Stopped."]
