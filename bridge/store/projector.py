"""Brings the store up to the journal, in its own time: a slow or absent database holds up nothing else."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.journal import Entry, identity, read
from bridge.store.postgresql import unsafe_settings
from bridge.store.projection import changes, content_rows, fact_rows
from bridge.store.schema import StoreTooNew, make_tables
from bridge.store.tables import contents, facts, progress, set_aside
from telephony.clock import Clock

log = structlog.get_logger()

BATCH: Final = 500
RETRY_AFTER: Final = 1.0
# Facts come in bursts: a moment's wait makes one transaction of many.
GATHER: Final = 0.1
_UNREACHABLE: Final = (SQLAlchemyError, sqlite3.Error, OSError)
_REFUSED: Final = (IntegrityError, DataError, LookupError, TypeError, ValueError, ArithmeticError)


class Projector:
    """Follows one journal file into one database; `set_aside` counts the facts that the database refused, and the
    store holds all up to `reached`.

    A batch and the mark of how far it reaches are one transaction, which only succeeds where the mark still stands
    where it was read: neither a crash nor a second projector can leave a fact out or project one twice."""

    def __init__(self, journal: Path, engine: AsyncEngine, clock: Clock) -> None:
        self._file, self._engine, self._clock = journal, engine, clock
        self._journal = ""
        self._news = asyncio.Event()
        self._caught_up = asyncio.Event()
        self._stopping = False
        self._trouble = ""
        self.set_aside = 0
        self.reached = 0

    def notice(self, _: int) -> None:
        """There are new facts on disk."""
        self._caught_up.clear()
        self._news.set()

    async def run(self) -> None:
        """Projects until it is stopped; a failing database is tried again every second."""
        while not self._stopping:
            try:
                await self._begin()
                await self._follow()
            except StoreTooNew as error:
                await self._later("store_too_new", str(error))
            except _UNREACHABLE as error:
                await self._later("store_not_reachable", _reason(error))

    async def _later(self, event: str, reason: str) -> None:
        """Tells of a trouble once, however long it lasts."""
        if self._trouble != reason:
            log.error(event, reason=reason)
            self._trouble = reason
        await self._clock.sleep(RETRY_AFTER)

    def stop(self) -> None:
        """Ends `run` after the batch under way: cancelled in the middle, it would leave a connection half open."""
        self._stopping = True
        self._news.set()

    async def caught_up(self) -> None:
        """Returns once all facts on disk are in the store."""
        await self._caught_up.wait()

    async def _begin(self) -> None:
        self._journal = await asyncio.to_thread(identity, self._file)
        await make_tables(self._engine)
        async with self._engine.connect() as connection:
            if unsafe := await unsafe_settings(connection):
                log.warning("store_may_lose_what_it_has_committed", switched_off=unsafe)

    async def _follow(self) -> None:
        while not self._stopping:
            self._news.clear()
            while not self._stopping and await self._project_batch():
                pass
            if not self._news.is_set():
                self._caught_up.set()
            await self._news.wait()
            if not self._stopping:
                await self._clock.sleep(GATHER)

    async def _project_batch(self) -> bool:
        """Projects the next facts; tells whether there were any."""
        self.reached = reached = await self._reached()
        if self._trouble:
            log.info("store_reached", facts=reached)
            self._trouble = ""
        entries = await asyncio.to_thread(read, self._file, reached, BATCH)
        try:
            await self._project(reached, entries)
        except _REFUSED:
            await self._project_one_by_one(reached, entries)
        return bool(entries)

    async def _project(self, reached: int, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        async with self._engine.begin() as connection:
            if await self._advance(connection, reached, entries[-1].sequence):
                await self._keep(connection, entries)
                for change in (change for entry in entries for change in changes(entry)):
                    await connection.execute(change)

    async def _project_one_by_one(self, reached: int, entries: Sequence[Entry]) -> None:
        for entry in entries:
            try:
                await self._project(reached, [entry])
            except _REFUSED as error:
                await self._set_aside(reached, entry, _reason(error))
            reached = entry.sequence

    async def _set_aside(self, reached: int, entry: Entry, reason: str) -> None:
        """A fact that breaks an invariant must not stop the others; it stays in the story where it can."""
        async with self._engine.begin() as connection:
            if not await self._advance(connection, reached, entry.sequence):
                return
            aside = insert(set_aside).values(journal=self._journal, sequence=entry.sequence, reason=reason)
            await connection.execute(aside)
            with suppress(*_REFUSED):
                async with connection.begin_nested():
                    await self._keep(connection, [entry])
        self.set_aside += 1
        log.critical("fact_set_aside", sequence=entry.sequence, type=entry.type, reason=reason)

    async def _keep(self, connection: AsyncConnection, entries: Sequence[Entry]) -> None:
        await connection.execute(insert(facts), fact_rows(self._journal, entries))
        if rows := content_rows(self._journal, entries):
            await connection.execute(insert(contents), rows)

    async def _reached(self) -> int:
        """Where the mark stands; set at 0 in a store that does not know this journal."""
        mark = select(progress.c.sequence).where(progress.c.journal == self._journal)
        async with self._engine.begin() as connection:
            if (reached := (await connection.execute(mark)).scalar_one_or_none()) is None:
                await connection.execute(insert(progress).values(journal=self._journal, sequence=0))
        return reached or 0

    async def _advance(self, connection: AsyncConnection, reached: int, to: int) -> bool:
        """Moves the mark; False when another projector has moved it meanwhile."""
        mark = update(progress).where(progress.c.journal == self._journal, progress.c.sequence == reached)
        return (await connection.execute(mark.values(sequence=to))).rowcount == 1


def _reason(error: Exception) -> str:
    """One line; what follows it may show a row, and with it a customer's contents."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]
