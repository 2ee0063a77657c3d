"""The journal is read through, and the store is asked how far it follows."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bridge.doctor import store as area
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.journal import Journal
from bridge.store.engine import open_store
from bridge.store.projector import Projector
from telephony.clock import SystemClock
from telephony.events import CenterApplied
from telephony.tasks import TaskSet
from tests.bridge.doctor.conftest import Look, verdicts
from tests.servers.postgresql import PostgreSQL

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


async def record(patient: Patient, count: int) -> None:
    """Writes facts."""
    journal = Journal(patient.place.instance.journal, SystemClock())
    for _ in range(count):
        journal.publish(CenterApplied(was="a", now="b"))
    await journal.close()


async def project(patient: Patient) -> None:
    """Brings the store up to the journal."""
    instance, tasks = patient.place.instance, TaskSet("test")
    engine = open_store(patient.place.settings.database, instance.store)
    projector = Projector(instance.journal, engine, SystemClock())
    tasks.spawn(projector.run(), "projector")
    await projector.caught_up()
    await tasks.close()
    await engine.dispose()


@pytest.fixture
async def recorded(patient: Patient) -> Patient:
    await record(patient, 3)
    return patient


def test_nothing_yet(patient: Patient) -> None:
    assert verdicts(area.journal(patient)) == [("journal", OK)]
    assert verdicts(area.database(patient)) == []


async def test_a_journal_that_is_whole(recorded: Patient) -> None:
    (found,) = area.journal(recorded)
    assert (found.verdict, found.found) == (OK, "whole; the last fact is number 3")


async def test_a_journal_that_is_damaged(recorded: Patient) -> None:
    file = recorded.place.instance.journal
    page = bytearray(file.read_bytes())
    page[4096:] = b"x" * (len(page) - 4096)
    file.write_bytes(page)
    assert verdicts(area.journal(recorded)) == [("journal", WRONG)]


def test_a_journal_that_is_none(patient: Patient) -> None:
    patient.place.instance.journal.write_text("not a journal " * 100)
    (found,) = area.journal(patient)
    assert (found.verdict, "file is not a database" in found.found) == (WRONG, True)


async def test_a_long_journal_is_read_for_a_while_only(recorded: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    file = recorded.place.instance.journal
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE much (t TEXT)")
        rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
        database.execute(f"{rows} INSERT INTO much SELECT hex(randomblob(40)) FROM n")
    database.close()
    monkeypatch.setattr(area, "READ_FOR", 0.001)
    assert verdicts(area.journal(recorded)) == [("journal", OK)]


async def _database(patient: Patient) -> list[tuple[str, Verdict]]:
    return await asyncio.to_thread(lambda: verdicts(area.database(patient)))


async def test_a_store_that_holds_all(recorded: Patient) -> None:
    await project(recorded)
    assert await _database(recorded) == [("database", OK)]


async def test_a_store_that_is_far_behind(recorded: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    await project(recorded)
    vars(recorded).pop("newest", None)
    await record(recorded, 5)
    assert await _database(recorded) == [("database", OK)]
    monkeypatch.setattr(area, "BEHIND", 4)
    assert await _database(recorded) == [("database", WARNING)]


async def test_facts_that_were_set_aside(recorded: Patient) -> None:
    await project(recorded)
    with sqlite3.connect(recorded.place.instance.store) as database:
        (journal,) = database.execute("SELECT journal FROM progress").fetchone()
        database.execute("INSERT INTO set_aside (journal, sequence, reason) VALUES (?, 1, 'x')", (journal,))
    database.close()
    assert await _database(recorded) == [("database", OK), ("facts set aside", WARNING)]


async def test_a_store_that_a_newer_program_made(recorded: Patient) -> None:
    await project(recorded)
    with sqlite3.connect(recorded.place.instance.store) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    (found,) = await asyncio.to_thread(lambda: list(area.database(recorded)))
    assert (found.verdict, "9999" in found.remedy, "Run the newer one again" in found.remedy) == (WRONG, True, True)


async def test_a_server_that_may_lose_what_it_has_committed(
    look: Look, recorded: Patient, postgresql: PostgreSQL
) -> None:
    with postgresql.database() as url:
        patient = look(database=url)
        await project(patient)
        assert await _database(patient) == [("database", OK)]
        name = url.rpartition("/")[2]
        postgresql.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        assert await _database(patient) == [("database", OK), ("safety of the database", WARNING)]


async def test_a_store_that_is_not_there(recorded: Patient) -> None:
    assert await _database(recorded) == [("database", WRONG)]


async def test_a_store_that_does_not_say_its_secret(look: Look, recorded: Patient, server_path: Path) -> None:
    patient = look(database=f"sqlite:///{server_path}/nowhere/sesame.db")
    assert await _database(patient) == [("database", WRONG)]
