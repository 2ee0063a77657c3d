"""The disk is full, for real: calls go on from memory, an administrator is told, changes are refused, and nobody is
lost when the controller is killed with all that it had to tell."""

import asyncio
import os
import resource
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from bridge.journal import read
from bridge.recovery import fact_of
from telephony.asterisk.install import AsteriskProgram
from telephony.witness import WHY
from tests import audio
from tests.acceptance.conftest import Phones, Throughline, a_center
from tests.acceptance.control import Control
from tests.acceptance.test_lifecycle import another_serves, hears_music, talk, until, waiting
from tests.playbook.evidence import Evidence, Told
from tests.playbook.invariants import every_move_is_legal, no_illegal_move_was_asked
from tests.playbook.places import every_caller_is_told_once

CALLERS_TONE, AGENTS_TONE = 1000, 620
SIZE = "64m"
ALL = 1_000_000


class Disk:
    """A small one; without the right to mount it, one whose files cannot grow for the controller."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mount = ("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "none", folder)
        self.is_small = subprocess.run(mount, capture_output=True, check=False).returncode == 0

    def close(self) -> None:
        """Lets go of it."""
        if self.is_small:
            subprocess.run(("umount", "-l", self.folder), check=True)

    @contextmanager
    def full(self, own: Throughline) -> Iterator[None]:
        """Nothing more can be written meanwhile."""
        fill = self._with_a_file if self.is_small else self._by_a_limit
        with fill(own):
            yield

    @contextmanager
    def _with_a_file(self, _: Throughline) -> Iterator[None]:
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            for size in (1_000_000, 4096, 1):
                try:
                    while file.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue
        try:
            yield
        finally:
            ballast.unlink()

    @contextmanager
    def _by_a_limit(self, own: Throughline) -> Iterator[None]:
        process = own.controller
        before = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            yield
        finally:
            if Path(f"/proc/{process}").exists():
                resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    """For the state directory."""
    folder = Path("/tmp") / f"throughline-disk-{os.getpid()}"
    folder.mkdir(mode=0o755)
    disk = Disk(folder)
    yield disk
    disk.close()
    folder.rmdir()


@pytest.fixture
def own(asterisk_program: AsteriskProgram, disk: Disk) -> Iterator[Throughline]:
    """A center on that disk."""
    with a_center(asterisk_program, disk.folder) as running:
        yield running


@pytest.fixture
async def people(own: Throughline, tmp_path: Path) -> AsyncIterator[Phones]:
    """Phones at that center."""
    async with AsyncExitStack() as stack:
        yield Phones(own, stack, tmp_path)


async def test_calls_go_on_and_all_is_written_once_there_is_room(own: Throughline, people: Phones, disk: Disk) -> None:
    control = await Control.begin(own, people)
    ana, talks = await talk(people, "ana", "talker")
    bruno, early = await talk(people, "bruno", "early")
    waits = await waiting(people, "waiter")
    await until(lambda: hears_music(people.heard("waiter")))
    with disk.full(own):
        await early.hangup()
        await bruno.disconnected(within=5)
        new = await waiting(people, "new")
        await until(lambda: _is_told(own))
        await _is_refused(own)
        await bruno.incoming(within=15)
        await bruno.answer()
        await waits.hangup()
        await bruno.disconnected(within=5)
        await bruno.incoming(within=15)
        await bruno.answer()
        await asyncio.sleep(2)
    await _is_written(own)
    await asyncio.to_thread(_said, own, "The disk takes no facts")
    await asyncio.to_thread(_said, own, "All that waited in memory is on disk")
    await talks.hangup()
    await ana.disconnected(within=5)
    await new.hangup()
    await bruno.disconnected(within=5)
    assert control.torn(people.heard("ana"), CALLERS_TONE) == []
    assert audio.seconds_of(people.heard("talker"), AGENTS_TONE) > 5
    await _is_written(own)
    assert _wrong(own) == []


async def test_a_controller_killed_with_all_that_it_had_to_tell_loses_nobody(
    own: Throughline, people: Phones, disk: Disk
) -> None:
    control = await Control.begin(own, people)
    ana = await people.agent("ana", tone=AGENTS_TONE)
    await asyncio.sleep(2)  # Asterisk writes registrations down once a second
    with disk.full(own):
        talks = await waiting(people, "talker")
        await ana.incoming()
        await ana.answer()
        waits = await waiting(people, "waiter")
        await until(lambda: hears_music(people.heard("waiter")))
        killed = own.controller
        os.kill(killed, signal.SIGKILL)
        await until(lambda: another_serves(own, killed), within=15)
        await asyncio.sleep(3)
        new = await waiting(people, "new")
        await asyncio.sleep(1)
    await talks.hangup()
    assert (await ana.disconnected(within=5)).by == "them"
    await ana.unregister()
    assert control.torn(people.heard("ana"), CALLERS_TONE) == []
    assert audio.seconds_of(people.heard("talker"), AGENTS_TONE) > 5
    bruno = await people.agent("bruno")
    for caller in (waits, new):
        await bruno.incoming(within=15)
        await bruno.answer()
        await caller.hangup()
        await bruno.disconnected(within=5)
    await _is_written(own)
    assert _wrong(own) == []
    told = [entry.body["contact_id"] for entry in read(own.home / "journal.sqlite", 0, ALL) if WHY in str(entry.body)]
    assert len(set(told)) == 2


async def _is_refused(own: Throughline) -> None:
    """What cannot be kept, in words; the doctor tells why."""
    refused = await asyncio.to_thread(
        own.command, "user", "add", "rita", "--role", "auditor", typed="correct horse 42\n"
    )
    assert (refused.returncode, "Nothing was changed" in refused.stderr) == (1, True), refused.stderr
    examined = await asyncio.to_thread(own.command, "doctor")
    assert "facts wait in memory" in examined.stdout, examined.stdout


async def _is_told(own: Throughline) -> bool:
    return not (await _ready(own))["journal"]


async def _ready(own: Throughline) -> dict[str, bool]:
    async with httpx2.AsyncClient() as client:
        answer = await client.get(f"{own.url}/readyz")
        assert answer.status_code == 200
        return dict(answer.json())


def _said(own: Throughline, words: str) -> None:
    assert own.process is not None
    assert own.process.stdout is not None
    heard = []
    for line in own.process.stdout:
        heard.append(line)
        if words in line:
            return
    raise AssertionError(f"it never said {words!r}, but {heard}")


async def _is_written(own: Throughline) -> None:
    """The journal and the store have all that was told."""

    async def written() -> bool:
        ready = await _ready(own)
        return ready["journal"] and ready["store"]

    await until(written, within=20)


def _wrong(own: Throughline) -> list[str]:
    """What does not hold of the journal and of the store."""
    entries = read(own.home / "journal.sqlite", 0, ALL)
    told = [Told(float(entry.sequence), fact) for entry in entries if (fact := fact_of(entry))]
    evidence = Evidence(told, {})
    judges = (every_move_is_legal, no_illegal_move_was_asked, every_caller_is_told_once)
    wrong = [what for judge in judges for what in judge(evidence)]
    numbers = [entry.sequence for entry in entries]
    with closing(sqlite3.connect(own.home / "throughline.sqlite")) as store:
        stored = [number for (number,) in store.execute("SELECT sequence FROM facts ORDER BY sequence")]
        (aside,) = store.execute("SELECT count(*) FROM set_aside").fetchone()
    wrong += ["numbers are missing in the journal"] if numbers != list(range(1, len(numbers) + 1)) else []
    wrong += [f"the store has {len(stored)} of {len(numbers)} facts"] if stored != numbers else []
    return wrong + ([f"{aside} facts were set aside"] if aside else [])
