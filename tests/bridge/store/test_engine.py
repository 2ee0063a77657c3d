"""The store's file is its owner's only, is made by who writes and never by who reads; errors name no contents."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.store.engine import open_store, open_to_read
from bridge.store.schema import make_tables
from bridge.store.tables import interactions
from config.settings import SettingsError

A_ROW = {"id": "i", "state": "open", "opened_at": "t"}


async def write(engine: AsyncEngine) -> None:
    await make_tables(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(interactions).values(A_ROW))


async def ids(engine: AsyncEngine) -> list[str]:
    try:
        async with engine.connect() as connection:
            return list((await connection.execute(select(interactions.c.id))).scalars())
    finally:
        await engine.dispose()


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


async def test_only_the_owner_may_read_any_of_its_files(sqlite_store: AsyncEngine, tmp_path: Path) -> None:
    await write(sqlite_store)
    names = ("throughline.sqlite", "throughline.sqlite-wal", "throughline.sqlite-shm")
    assert modes(tmp_path) == dict.fromkeys(names, 0o600)


@pytest.mark.parametrize("name", ["plain.sqlite", "a ?mode=rwc#%41 [b].sqlite"])
async def test_what_one_writes_another_reads_with_and_without_the_writer(tmp_path: Path, name: str) -> None:
    writer = open_store(None, tmp_path / name)
    await write(writer)
    assert await ids(open_to_read(None, tmp_path / name)) == ["i"]
    await writer.dispose()
    assert await ids(open_to_read(None, tmp_path / name)) == ["i"]


async def test_a_reader_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await ids(open_to_read(None, tmp_path / "store.sqlite"))
    assert modes(tmp_path) == {}


async def test_a_reader_changes_nothing(sqlite_store: AsyncEngine, tmp_path: Path) -> None:
    await write(sqlite_store)
    reader = open_to_read(None, tmp_path / "throughline.sqlite")
    with pytest.raises(OperationalError, match="readonly"):
        await write(reader)
    await reader.dispose()


async def test_a_url_is_enough(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/chosen.sqlite"
    writer = open_store(url, tmp_path / "unused.sqlite")
    await write(writer)
    await writer.dispose()
    assert await ids(open_to_read(url, tmp_path / "unused.sqlite")) == ["i"]
    assert "unused.sqlite" not in modes(tmp_path)


@pytest.mark.parametrize("url", ["sqlite+nonsense:///x", "postgresql://host:port/x", "nonsense"])
def test_a_url_that_leads_nowhere_is_a_fault_of_the_settings(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="THROUGHLINE_DATABASE"):
        open_store(url, tmp_path / "unused.sqlite")
