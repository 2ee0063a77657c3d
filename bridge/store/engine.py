"""The connection to the store's database."""

from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bridge.store.tables import metadata


def open_store(url: str | None, file: Path) -> AsyncEngine:
    """An engine for a database URL, or for a SQLite file when none is given."""
    engine = create_async_engine(url or f"sqlite+aiosqlite:///{file}")
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


async def make_tables(engine: AsyncEngine) -> None:
    """Creates what is missing."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)


def _prepare_sqlite(connection: Any, _: object) -> None:
    """What is in the store can be projected again, so it need not be fsynced at each commit."""
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()
