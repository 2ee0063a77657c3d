"""What is kept: the journal, whole and readable, and the store, which follows it."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from bridge.journal import identity
from bridge.store.engine import open_to_read
from bridge.store.postgresql import unsafe_settings
from bridge.store.schema import StoreTooNew, revision
from bridge.store.tables import progress, set_aside

AREA: Final = Area("store")
READ_FOR: Final = 2.0
ASKED_FOR: Final = 2.5
BEHIND: Final = 1000
_NEWER: Final = "was brought to a schema by a newer Throughline that this one does not know"


@dataclass(frozen=True, slots=True)
class _Answer:
    """How far this journal's facts have come, how many of them were set aside, and what makes commits unsafe."""

    reached: int
    aside: int
    unsafe: list[str]


def journal(patient: Patient) -> Iterator[Finding]:
    """Whether all of it can be read, as far as two seconds of reading reach."""
    file = patient.place.instance.journal
    if not file.exists():
        yield AREA.ok("journal", "is not there yet; the first run makes it")
        return
    try:
        fault = _fault(file)
        last = patient.newest[0] if patient.newest else 0
    except sqlite3.Error as error:
        fault, last = str(error), 0
    if fault:
        remedy = f"Stop Throughline, copy {file} away with its -wal and -shm, and restore it from a backup."
        yield AREA.wrong("journal", f"cannot be read: {fault}", remedy)
    else:
        yield AREA.ok("journal", f"whole; the last fact is number {last}")


def _fault(file: Path) -> str | None:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)) as database:
        limit = Timer(READ_FOR, database.interrupt)
        limit.start()
        try:
            found = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                return None  # no fault so far, and too long to be read while somebody waits
            raise
        finally:
            limit.cancel()
    return None if found == "ok" else found


def database(patient: Patient) -> Iterator[Finding]:
    """Whether the store can be asked, and how far it is behind the journal."""
    if patient.newest is None:
        return
    try:
        answer = asyncio.run(_asked(patient))
    except StoreTooNew as error:
        yield AREA.wrong("database", _NEWER, str(error))
        return
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines() or ["gave no answer in time"]
        remedy = (
            "Start the database of THROUGHLINE_DATABASE, or correct the URL. Calls go on; the store catches up later."
        )
        yield AREA.wrong("database", f"cannot be asked: {reason[0]}", remedy)
        return
    yield _lag(patient, patient.newest[0] - answer.reached)
    if answer.aside:
        remedy = f"{patient.place.instance.log} names each as `fact_set_aside`: it is our fault. Nothing of it is lost."
        yield AREA.warning("facts set aside", f"{answer.aside} facts were refused by the store", remedy)
    if answer.unsafe:
        found = f"has switched off {', '.join(answer.unsafe)}: a power cut may damage it or take back what it committed"
        remedy = (
            "Switch them on in postgresql.conf, for the role and for the database, and let PostgreSQL read it again."
        )
        yield AREA.warning("safety of the database", found, remedy)


def _lag(patient: Patient, lag: int) -> Finding:
    if lag <= 0:
        return AREA.ok("database", "holds all that the journal holds")
    found = f"is {lag} facts behind the journal"
    if lag <= BEHIND:
        return AREA.ok("database", found)
    running = "It catches up by itself; is the number not falling, its log tells why."
    return AREA.warning("database", found, running if patient.runner else "`throughline run` lets it catch up.")


async def _asked(patient: Patient) -> _Answer:
    """Raises StoreTooNew."""
    instance = patient.place.instance
    engine = open_to_read(patient.place.settings.database, instance.store)
    own = identity(instance.journal)
    try:
        async with asyncio.timeout(ASKED_FOR), engine.connect() as connection:
            await connection.run_sync(revision)
            reached = await connection.scalar(select(progress.c.sequence).where(progress.c.journal == own))
            aside = await connection.scalar(select(func.count()).where(set_aside.c.journal == own))
            return _Answer(reached or 0, aside or 0, await unsafe_settings(connection))
    finally:
        await engine.dispose()


CHECKS: Final = (journal, database)
