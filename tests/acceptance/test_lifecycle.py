"""A center over its life: changed while people wait, killed while people talk, and stopped."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest

from bridge.control import NotRunning, ask
from telephony.asterisk.install import AsteriskProgram
from telephony.phone.mailbox import PhoneError, PhoneTimeout
from telephony.phone.remote import Phone
from tests import audio
from tests.acceptance.conftest import Phones, Throughline, a_center
from tests.acceptance.control import Control

CALLERS_TONE, AGENTS_TONE = 1000, 620
ZOE = "\nzoe: {title: Zoe Park, extension: 2009, queues: [%s]}\n"


@pytest.fixture(scope="module")
def own(asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """A center of these tests' own, whose processes may be killed."""
    with a_center(asterisk_program) as running:
        yield running


@pytest.fixture
async def people(own: Throughline, tmp_path: Path) -> AsyncIterator[Phones]:
    """Phones at that center."""
    async with AsyncExitStack() as stack:
        yield Phones(own, stack, tmp_path)


async def waiting(people: Phones, name: str) -> Phone:
    """A caller who waits for sales."""
    caller = await people.caller(name, tone=CALLERS_TONE)
    await caller.call("1000")
    await caller.answered()
    await caller.dtmf("1")
    return caller


async def talk(people: Phones, agent: str, name: str) -> tuple[Phone, Phone]:
    """An agent and a caller who talk."""
    answers = await people.agent(agent, tone=AGENTS_TONE)
    caller = await waiting(people, name)
    await answers.incoming()
    await answers.answer()
    return answers, caller


async def typed(own: Throughline, *command: str) -> tuple[int, str]:
    done = await asyncio.to_thread(own.command, *command)
    return done.returncode, done.stdout + done.stderr


async def test_an_agent_added_while_a_caller_waits_serves_her_and_a_mistake_changes_nothing(
    own: Throughline, people: Phones
) -> None:
    caller = await waiting(people, "patient")
    agents = own.home / "center" / "agents.yaml"
    shipped = agents.read_text()

    agents.write_text(shipped + ZOE % "salez")
    status, said = await typed(own, "apply")
    assert status == 1
    assert "names the queue `salez`" in said
    assert "Did you mean `sales`" in said

    agents.write_text(shipped + ZOE % "sales")
    status, said = await typed(own, "apply")
    assert (status, "runs now" in said) == (0, True)
    zoe = await people.agent("zoe")
    await zoe.incoming()
    await zoe.answer()

    agents.write_text(shipped)
    assert (await typed(own, "apply"))[0] == 0
    before = (await caller.stats()).packets_received
    await until(lambda: caller_hears(caller, before), within=5)
    await zoe.hangup()
    await caller.disconnected(within=15)


async def caller_hears(caller: Phone, before: int) -> bool:
    return (await caller.stats()).packets_received > before + 25


async def test_a_killed_controller_loses_nobody_and_nobody_loses_her_place(own: Throughline, people: Phones) -> None:
    control = await Control.begin(own, people)
    ana, talks = await talk(people, "ana", "talker")
    waits = await waiting(people, "waiter")
    await until(lambda: hears_music(people.heard("waiter")))
    asked = await people.caller("asked")
    await asked.call("1000")
    await asked.answered()

    killed = own.controller
    os.kill(killed, signal.SIGKILL)
    await until(lambda: another_serves(own, killed))
    await asked.dtmf("1")  # she hears the menu again, and goes on from there
    with pytest.raises(PhoneTimeout):
        await ana.incoming(within=2)  # she talks, whoever controls
    await talks.hangup()
    assert (await ana.disconnected(within=5)).by == "them"
    await ana.unregister()
    assert audio.seconds_of(people.heard("talker"), AGENTS_TONE) > 5
    assert control.torn(people.heard("ana"), CALLERS_TONE) == []

    assert audio.loud_seconds(people.heard("waiter")) > 5
    bruno = await people.agent("bruno")
    for caller in (waits, asked):
        await bruno.incoming(within=15)
        await bruno.answer()
        await caller.hangup()
        assert (await bruno.disconnected(within=5)).by == "them"


async def test_a_frozen_controller_is_replaced_and_nobody_notices(own: Throughline, people: Phones) -> None:
    control = await Control.begin(own, people)
    ana, talks = await talk(people, "ana", "talker")
    waits = await waiting(people, "waiter")
    await until(lambda: hears_music(people.heard("waiter")))
    frozen = own.controller
    os.kill(frozen, signal.SIGSTOP)
    late = await people.caller("late")
    await late.call("1000")  # while nobody has noticed yet
    await until(lambda: another_serves(own, frozen), within=20)
    await late.answered(within=10)
    await late.dtmf("1")
    await talks.hangup()
    assert (await ana.disconnected(within=5)).by == "them"
    assert control.torn(people.heard("ana"), CALLERS_TONE) == []
    for caller in (waits, late):
        await ana.incoming(within=20)
        await ana.answer()
        await caller.hangup()
        await ana.disconnected(within=5)


async def test_a_controller_that_thaws_acts_on_nothing_that_it_remembers(own: Throughline, people: Phones) -> None:
    """She answers while the controller is frozen; it thaws, and its ring time is long over."""
    queues = own.home / "center" / "queues.yaml"
    queues.write_text(queues.read_text().replace("ring_time: 20 s", "ring_time: 5 s"))
    assert (await typed(own, "apply"))[0] == 0
    control = await Control.begin(own, people)
    ana = await people.agent("ana", tone=AGENTS_TONE)
    caller = await waiting(people, "caller")
    await ana.incoming()
    assert own.process
    controller = own.controller
    with frozen(own.process.pid, controller):  # whoever watches it would kill it
        await ana.answer()
        await asyncio.sleep(9)  # three seconds after the end of the ringing the controller would have ended it itself
    await until(lambda: another_serves(own, controller), within=20)
    await asyncio.sleep(1)
    await caller.hangup()
    assert (await ana.disconnected(within=5)).by == "them"
    assert audio.seconds_of(people.heard("ana"), CALLERS_TONE) > 9
    assert control.torn(people.heard("ana"), CALLERS_TONE) == []


async def test_who_was_answered_and_left_while_nobody_was_there_is_not_offered_again(
    own: Throughline, people: Phones
) -> None:
    ana = await people.agent("ana", tone=AGENTS_TONE)
    caller = await waiting(people, "caller")
    await ana.incoming()
    assert own.process
    controller = own.controller
    with frozen(own.process.pid):  # whoever watches it would begin another at once
        os.kill(controller, signal.SIGKILL)
        await ana.answer()
        await until(lambda: caller_hears(caller, 0))
        await asyncio.sleep(1)
        await ana.hangup()
    await caller.disconnected(within=15)  # after the goodbye
    with pytest.raises(PhoneTimeout):
        await ana.incoming(within=1)


@pytest.mark.parametrize("before", ["serves", "was killed"])
async def test_a_second_run_takes_over_without_a_gap(own: Throughline, people: Phones, before: str) -> None:
    """From a run that serves, or from the controller of one that was killed."""
    control = await Control.begin(own, people)
    ana, talks = await talk(people, "ana", "talker")
    waits = await waiting(people, "waiter")
    await until(lambda: hears_music(people.heard("waiter")))
    first, controller, asterisk = own.process, own.controller, asterisk_of(own)
    assert first
    own.process = None
    if before == "was killed":
        first.kill()
    await asyncio.to_thread(own.run, *(["--take-over"] if before == "serves" else []))
    await asyncio.to_thread(first.communicate, None, 20)
    assert first.returncode == (0 if before == "serves" else -signal.SIGKILL)
    assert (asterisk_of(own), own.controller == controller) == (asterisk, False)
    await talks.hangup()
    assert (await ana.disconnected(within=5)).by == "them"
    assert control.torn(people.heard("ana"), CALLERS_TONE) == []
    await ana.incoming(within=20)
    await ana.answer()
    await waits.hangup()
    await ana.disconnected(within=5)


@contextmanager
def frozen(*processes: int) -> Iterator[None]:
    """They stand still meanwhile."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


async def another_serves(own: Throughline, killed: int) -> bool:
    """Whether a new controller is there, and connected."""
    try:
        answer = await asyncio.to_thread(ask, own.home / "control.sock", "status", 5.0)
    except NotRunning:
        return False
    return bool(answer.result["process"] != killed and answer.result["ari"])


async def hears_music(recording: Path) -> bool:
    """After the prompts, which were cut short by the key, something plays for three seconds."""
    return recording.exists() and recording.stat().st_size > 8000 * 2 * 4


async def test_while_nobody_is_in_control_a_caller_hears_music_and_the_next_run_serves_her(
    own: Throughline, people: Phones
) -> None:
    assert own.process is not None
    asterisk = asterisk_of(own)
    own.process.send_signal(signal.SIGINT)
    await asyncio.to_thread(own.process.wait, 20)

    caller = await people.caller("early")
    await caller.call("1000")
    await caller.early_media()
    await asyncio.sleep(3)  # music
    assert audio.loud_seconds(people.heard("early")) > 2

    await asyncio.to_thread(own.run)
    assert asterisk_of(own) == asterisk
    await caller.answered(within=10)
    ana = await people.agent("ana")
    await caller.dtmf("1")
    await ana.incoming()
    await ana.answer()
    await caller.hangup()


async def test_a_killed_asterisk_comes_back_with_its_phones(own: Throughline, people: Phones) -> None:
    david = await people.agent("david")
    await asyncio.sleep(2)  # Asterisk writes registrations down once a second
    os.kill(asterisk_of(own), signal.SIGKILL)
    assert own.process is not None
    await asyncio.to_thread(said_again, own, "Asterisk runs again")
    caller = await people.caller("later")
    await until(lambda: answered(caller), within=20)
    await caller.dtmf("1")
    await david.incoming(within=20)
    await david.answer()
    await caller.hangup()


async def answered(caller: Phone) -> bool:
    """Whether a call gets through; one that comes too early hears nothing and is tried again."""
    await caller.call("1000")
    try:
        await caller.answered(within=3)
    except PhoneError:
        return False
    return True


def said_again(own: Throughline, words: str) -> None:
    assert own.process is not None
    assert own.process.stdout is not None
    for line in own.process.stdout:
        if words in line:
            return
    raise AssertionError(f"it never said {words!r}")


def asterisk_of(own: Throughline) -> int:
    return int((own.home / "asterisk" / "run" / "asterisk.pid").read_text())


async def until(true: Callable[[], Awaitable[bool]], within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not await true():
            await asyncio.sleep(0.1)
