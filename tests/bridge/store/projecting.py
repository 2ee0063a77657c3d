"""Journals and stores to project in tests: publishing, following, and looking at what came of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.journal import Journal
from bridge.store.projector import Projector
from bridge.store.tables import facts, metadata
from telephony.clock import Clock, SystemClock
from telephony.events import Fact


class Impatient(SystemClock):
    """Tries again at once."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 500)


async def publish(journal: Journal, *published: Fact) -> None:
    for fact in published:
        journal.publish(fact)
    await asyncio.wait_for(journal.durable(journal.last), 10)


@asynccontextmanager
async def following(journal: Path, engine: AsyncEngine, clock: Clock | None = None) -> AsyncIterator[Projector]:
    """A projector that runs; its failure is the test's."""
    projector = Projector(journal, engine, clock or Impatient())
    running = asyncio.create_task(projector.run())
    try:
        yield projector
    finally:
        running.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            await running


async def caught_up(projector: Projector) -> None:
    await asyncio.wait_for(projector.caught_up(), 10)


async def project(journal: Path, engine: AsyncEngine) -> Projector:
    """Runs a projector until it has caught up or failed."""
    projector = Projector(journal, engine, Impatient())
    ends = [asyncio.create_task(projector.run()), asyncio.create_task(projector.caught_up())]
    await asyncio.wait(ends, timeout=10, return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    await asyncio.wait(ends)
    if not ends[0].cancelled():
        await ends[0]
    assert not ends[1].cancelled(), "it did not catch up"
    return projector


async def rows(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """All that is in the store."""
    async with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


async def sequences(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as connection:
        return list((await connection.execute(select(facts.c.sequence).order_by(facts.c.sequence))).scalars())
