"""A center whose database is away from its very beginning opens and serves all the same."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bridge.control import ask
from bridge.journal import read
from config.instance import free_ports
from telephony.asterisk.install import AsteriskProgram
from tests.acceptance.conftest import Phones, Throughline, a_center
from tests.acceptance.test_lifecycle import another_serves, until, waiting


@pytest.fixture
def own(asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """A center with a database at a port where nobody listens."""
    (port,) = free_ports(1)
    away = {"THROUGHLINE_DATABASE": f"postgresql://throughline@127.0.0.1:{port}/throughline"}
    with a_center(asterisk_program, settings=away) as running:
        yield running


@pytest.fixture
async def people(own: Throughline, tmp_path: Path) -> AsyncIterator[Phones]:
    """Phones at that center."""
    async with AsyncExitStack() as stack:
        yield Phones(own, stack, tmp_path)


async def test_callers_are_served_while_the_database_is_away(own: Throughline, people: Phones) -> None:
    ana = await people.agent("ana")
    talks = await waiting(people, "talker")
    await ana.incoming()
    await ana.answer()
    first = own.controller
    os.kill(first, signal.SIGKILL)
    await until(lambda: another_serves(own, first), within=10)
    status = ask(own.home / "control.sock", "status", 5.0).result
    assert (status["talking"]["sales"], status["projected"], status["hindered"]) == (1, 0, "")
    await talks.hangup()
    await ana.disconnected(within=5)
    assert "ContactArrived" in {entry.type for entry in read(own.home / "journal.sqlite", 0, 1000)}
    for command in (("why",), ("user", "list"), ("user", "remove", "rita")):
        done = await asyncio.to_thread(own.command, *command)
        assert done.returncode == 1
        assert "The database does not answer: connection failed" in done.stderr
        assert "Calls go on" in done.stderr
        assert "Traceback" not in done.stderr
    assert "✗ wrong   database: cannot be asked" in (await asyncio.to_thread(own.command, "doctor")).stdout
