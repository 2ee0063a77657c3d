"""Brings the store up to the journal, in its own time: a slow or absent database holds up nothing else."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.journal import Entry, read
from bridge.store.engine import make_tables
from bridge.store.projection import statements
from bridge.store.tables import progress, set_aside
from telephony.clock import Clock

log = structlog.get_logger()

BATCH: Final = 500
RETRY_AFTER: Final = 1.0
_NAME: Final = "journal"


class Projector:
    """Follows one journal file into one database."""

    def __init__(self, journal: Path, engine: AsyncEngine, clock: Clock) -> None:
        self._journal, self._engine, self._clock = journal, engine, clock
        self._news = asyncio.Event()
        self._caught_up = asyncio.Event()
        self.set_aside = 0

    def notice(self, _: int) -> None:
        """There are new facts on disk."""
        self._caught_up.clear()
        self._news.set()

    async def run(self) -> None:
        """Projects for ever; a failing database is tried again every second."""
        while True:
            self._news.clear()
            try:
                await make_tables(self._engine)
                while await self.project_batch():
                    pass
                self._caught_up.set()
                await self._news.wait()
            except (SQLAlchemyError, OSError) as error:
                log.error("store_not_reachable", reason=str(error).splitlines()[0])
                await self._clock.sleep(RETRY_AFTER)

    async def caught_up(self) -> None:
        """Returns once all facts on disk are in the store."""
        await self._caught_up.wait()

    async def project_batch(self) -> bool:
        """Projects the next facts; tells whether there were any."""
        async with self._engine.connect() as connection:
            reached = await _reached(connection)
        entries = await asyncio.to_thread(read, self._journal, reached, BATCH)
        if not entries:
            return False
        try:
            await self._apply(entries)
        except IntegrityError:
            await self._apply_one_by_one(entries)
        return True

    async def _apply(self, entries: Sequence[Entry]) -> None:
        async with self._engine.begin() as connection:
            for entry in entries:
                for statement in statements(entry):
                    await connection.execute(statement)
            await _reach(connection, entries[-1].sequence)

    async def _apply_one_by_one(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            try:
                await self._apply([entry])
            except IntegrityError as error:
                await self._set_aside(entry, str(error.orig))

    async def _set_aside(self, entry: Entry, reason: str) -> None:
        """A fact that breaks an invariant must not stop the others."""
        self.set_aside += 1
        log.critical("fact_set_aside", sequence=entry.sequence, type=entry.type, reason=reason)
        async with self._engine.begin() as connection:
            await connection.execute(insert(set_aside).values(sequence=entry.sequence, reason=reason))
            await _reach(connection, entry.sequence)


async def _reached(connection: AsyncConnection) -> int:
    found = await connection.execute(select(progress.c.sequence).where(progress.c.name == _NAME))
    return found.scalar_one_or_none() or 0


async def _reach(connection: AsyncConnection, sequence: int) -> None:
    await connection.execute(delete(progress).where(progress.c.name == _NAME))
    await connection.execute(insert(progress).values(name=_NAME, sequence=sequence))
