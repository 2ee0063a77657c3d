"""Records a state directory of today's program, as it is found after a power cut: `python -m tests.upgrades.record`.

A few people call a real center, one of them waits, and everything is killed. What is kept goes to
tests/upgrades/<date>/: `state.tar.xz`, without secrets and with silence for sound, and `told.json`, what the program of
that day told of each interaction and of its agents.
"""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
import tarfile
import tempfile
import time
import wave
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any, Final

from config.home import state_home
from telephony.asterisk.install import find_or_install
from tests.acceptance.conftest import Phones, Throughline, make

HERE: Final = Path(__file__).parent
PROJECT: Final = HERE.parents[1]
KEPT: Final = (
    "center",
    "revisions",
    "journal.sqlite",
    "journal.sqlite-wal",
    "throughline.sqlite",
    "throughline.sqlite-wal",
)
EDITED: Final = "\nzoe:\n  title: Zoe Park\n  extension: 2009\n  queues: [sales]\n"


async def live(center: Throughline, people: Phones) -> None:
    """What happens at the center: talks, a refusal, one who gives up, an absence, a guest at a phone, one who waits."""
    ana, carla, david = [await people.agent(name, tone=600) for name in ("ana", "carla", "david")]
    await choose(carla, "*2")
    pin = center.command("pin", "bruno").stdout.strip()
    await choose(david, "*12002", pin)
    for name in ("ada", "grace"):
        caller = await asks_for(people, "1", name)
        await whoever_rings(ana, david)
        await caller.disconnected(within=30)
    await choose(ana, "*2")
    await choose(david, "*2")
    hasty = await asks_for(people, "2", "edsger")
    await hasty.hangup()
    await asks_for(people, "1", "lin")
    await asyncio.sleep(2)


async def choose(phone: Any, code: str, keys: str = "") -> None:
    """Dials a service code."""
    await phone.call(code)
    await phone.answered()
    if keys:
        await asyncio.sleep(1)
        await phone.dtmf(keys)
    await phone.disconnected(within=20)


async def asks_for(people: Phones, key: str, name: str) -> Any:
    """A caller who waits."""
    caller = await people.caller(name, tone=1000)
    await caller.call("1000")
    await caller.answered()
    await asyncio.sleep(0.5)
    await caller.dtmf(key)
    await asyncio.sleep(1)
    return caller


async def whoever_rings(*agents: Any) -> None:
    """One of them talks for a second."""
    ringing = [asyncio.create_task(serve(agent)) for agent in agents]
    done, others = await asyncio.wait(ringing, return_when="FIRST_COMPLETED")
    for other in others:
        other.cancel()
    await asyncio.wait(ringing)
    await done.pop()


async def serve(agent: Any) -> None:
    """Answers, and talks for a second."""
    await agent.incoming(within=20)
    await agent.answer()
    await asyncio.sleep(1)
    await agent.hangup()


def hush(center: Path) -> None:
    """Every recording becomes a tenth of a second of silence."""
    for file in center.rglob("*.wav"):
        with wave.open(str(file), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(1600))


def kill(center: Throughline) -> None:
    """All at once, as a power cut does."""
    assert center.process is not None
    run = center.process.pid
    children = Path(f"/proc/{run}/task/{run}/children").read_text().split()
    asterisk = (center.home / "asterisk" / "run" / "asterisk.pid").read_text()
    for pid in (run, *map(int, children), int(asterisk)):
        os.kill(pid, signal.SIGKILL)
    center.process.wait()


def told(center: Throughline) -> dict[str, Any]:
    """What the program tells of what it keeps, once its store holds all."""
    wait_for(lambda: _level(center.home))
    with closing(sqlite3.connect(center.home / "throughline.sqlite")) as store:
        ids = [row[0] for row in store.execute("SELECT id FROM interactions ORDER BY opened_at")]
        presences = dict(store.execute("SELECT agent, state FROM presences").fetchall())
        seats = dict(store.execute("SELECT agent, phone FROM seats").fetchall())
        waiting = [row[0] for row in store.execute("SELECT interaction_id FROM contacts WHERE state = 'queued'")]
    timelines = {id: center.why(id) for id in ids}
    return {"presences": presences, "seats": seats, "waiting": waiting, "timelines": timelines}


def _level(home: Path) -> bool:
    counts: list[int] = []
    for file in (home / "journal.sqlite", home / "throughline.sqlite"):
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
            counts.append(database.execute("SELECT count(*) FROM facts").fetchone()[0])
    return counts[0] == counts[1]


def wait_for(true: Callable[[], bool]) -> None:
    """At most 20 seconds."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.2)


def keep(home: Path, name: str, known: dict[str, Any]) -> Path:
    """Writes the folder of one recorded state."""
    folder = HERE / name
    folder.mkdir()
    (folder / "told.json").write_text(json.dumps(known, indent=1) + "\n")
    with tarfile.open(folder / "state.tar.xz", "w:xz") as archive:
        for part in (home / each for each in KEPT):
            if part.exists():
                archive.add(part, part.name, filter=_nobodys)
    return folder


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


async def record(name: str) -> Path:
    """Lives, kills and keeps."""
    program = find_or_install(state_home(PROJECT, environment={}) / "software", print)
    home = Path(tempfile.mkdtemp(prefix="throughline-"))
    home.chmod(0o755)
    center = make(home, program)
    hush(home / "center")
    with (home / "center" / "agents.yaml").open("a") as agents:
        agents.write(EDITED)
    await asyncio.to_thread(center.run)
    async with AsyncExitStack() as stack:
        await live(center, Phones(center, stack, home))
        known = await asyncio.to_thread(told, center)
        kill(center)
    folder = keep(home, name, known)
    shutil.rmtree(home)
    return folder


if __name__ == "__main__":
    print(asyncio.run(record(sys.argv[1])))
