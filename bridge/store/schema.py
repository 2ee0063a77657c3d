"""The store's schema: brought to its newest revision by whoever comes first, refused when it is newer than we are."""

import asyncio
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.store.engine import open_to_read

ASKED_FOR: Final = 2.0
_LOCK: Final = 7_468_726_475  # any number, as long as every program that knows this schema takes the same


class StoreTooNew(Exception):
    """A store that a newer program has brought to a revision that we do not know; words for a person."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The store was brought to schema {found} by a newer Throughline; this one knows them up to {newest()}. "
            "Run the newer one again. To stay with this one, name an empty database in THROUGHLINE_DATABASE, or move "
            "the files throughline.sqlite* away: it is then filled from the journal."
        )


async def make_tables(engine: AsyncEngine) -> None:
    """Brings a store, also an empty one or one that had no revisions yet, to the newest schema: whole, or not at all.

    Of several who start at once one does it, and the others wait. Raises StoreTooNew."""
    ours = await asyncio.to_thread(newest)
    async with engine.connect() as connection:
        if await connection.run_sync(revision) == ours:
            return
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade)
        await connection.commit()


def revision(connection: Connection) -> str | None:
    """The schema that a store has; None when it is empty or had no revisions yet. Raises StoreTooNew."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in _known():
        raise StoreTooNew(found)
    return found


def newest() -> str:
    """The newest revision that we know."""
    return _known()[0]


def refuse_newer(url: str | None, file: Path) -> None:
    """Raises StoreTooNew; a store that is away, or not there yet, is no reason to. Blocking, for 2 s at most."""

    async def ask() -> None:
        engine = open_to_read(url, file)
        try:
            async with asyncio.timeout(ASKED_FOR), engine.connect() as connection:
                await connection.run_sync(revision)
        finally:
            await engine.dispose()

    with suppress(SQLAlchemyError, OSError):
        asyncio.run(ask())


def _upgrade(connection: Connection) -> None:
    _begin_alone(connection)
    revision(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _begin_alone(connection: Connection) -> None:
    """Begins a transaction that one at a time can be in; also the tables' changes are undone with it."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    # Whoever has waited must see what the other one made.
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bridge.store:migrations")
    return config


@cache
def _known() -> list[str]:
    """All revisions, newest first."""
    return [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()]
