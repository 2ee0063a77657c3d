"""The revisions lead to the tables as they are declared, from wherever a store stands, whoever else starts, and never
back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.store import schema
from bridge.store.engine import open_store
from bridge.store.schema import StoreTooNew, make_tables, newest, refuse_newer, revision
from bridge.store.tables import contents, facts, metadata
from tests.servers.postgresql import PostgreSQL

A_FACT = {"journal": "j", "sequence": 1, "at": "t", "type": "T", "interaction_id": "i", "body": {"a": 1}}


def differences(connection: Connection) -> list[Any]:
    """What Alembic would change to make the store's tables those that are declared."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def names(connection: Connection) -> dict[str, set[str | None]]:
    """The constraints of each table."""
    seen = inspect(connection)
    return {
        table: {
            seen.get_pk_constraint(table)["name"],
            *(each["name"] for each in seen.get_foreign_keys(table)),
            *(each["name"] for each in seen.get_unique_constraints(table)),
        }
        for table in metadata.tables
    }


def indices(connection: Connection) -> dict[str, str]:
    """Each index as SQL, with its condition, which Alembic does not compare."""
    known = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    found = connection.execute(text(known[connection.dialect.name]))
    return {name: " ".join(sql.split()) for name, sql in found if not name.startswith("alembic")}


async def revision_of(store: AsyncEngine) -> str | None:
    async with store.connect() as connection:
        return await connection.run_sync(revision)


async def run(store: AsyncEngine, *statements: str) -> None:
    async with store.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def make_the_first(store: AsyncEngine) -> None:
    """A store as it was made before there were revisions."""

    def upgrade(connection: Connection) -> None:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")

    async with store.begin() as connection:
        await connection.run_sync(upgrade)
    await run(store, "DROP TABLE alembic_version")


@pytest.fixture
async def reference(databases: Any) -> AsyncIterator[AsyncEngine]:
    """Tables as they are declared, made without revisions."""
    with databases() as url:
        engine = open_store(url, Path("unused"))
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        yield engine
        await engine.dispose()


async def test_the_revisions_lead_to_what_is_declared(store: AsyncEngine, reference: AsyncEngine) -> None:
    await make_tables(store)
    async with store.connect() as made, reference.connect() as declared:
        assert await made.run_sync(differences) == []
        for look in (names, indices):
            assert await made.run_sync(look) == await declared.run_sync(look)
    assert await revision_of(store) == newest()


async def test_a_difference_would_be_seen(store: AsyncEngine) -> None:
    await make_tables(store)
    await run(store, "ALTER TABLE seats ADD COLUMN colour TEXT", "DROP INDEX one_talk_per_agent")
    async with store.connect() as connection:
        found = await connection.run_sync(differences)
    assert {each[0] for each in found} == {"remove_column", "add_index"}


async def test_a_store_of_the_time_before_revisions_is_taken_over_with_all_that_it_holds(store: AsyncEngine) -> None:
    await make_the_first(store)
    async with store.begin() as connection:
        await connection.execute(insert(facts), [A_FACT, A_FACT | {"sequence": 2, "body": {"a": r"C:\u0000"}}])
    await make_tables(store)
    async with store.connect() as connection:
        assert await connection.run_sync(differences) == []
        kept = list((await connection.execute(select(facts.c.body).order_by(facts.c.sequence))).scalars())
    assert kept == [{"a": 1}, {"a": r"C:\u0000"}]


async def test_a_store_whose_making_was_broken_off_is_completed(store: AsyncEngine) -> None:
    await make_the_first(store)
    await run(store, "DROP TABLE seats", "DROP INDEX one_talk_per_agent")
    await make_tables(store)
    async with store.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_nul_in_json_of_the_time_before_revisions_keeps_no_store_from_being_taken_over(
    postgresql: PostgreSQL,
) -> None:
    with postgresql.database() as url:
        store = open_store(url, Path("unused"))
        await make_the_first(store)
        written = r'{"a": "x\u0000\u0000y", "b": "\\u0000", "c": "\\\u0000"}'
        values = "'j', 1, 't', 'T', 'i'"
        await run(store, f"INSERT INTO facts VALUES ({values}, '{written}')".replace(":", r"\:"))
        await make_tables(store)
        async with store.connect() as connection:
            (body,) = (await connection.execute(select(facts.c.body))).scalars()
        await store.dispose()
    assert body == {"a": "x\ufffd\ufffdy", "b": r"\u0000", "c": "\\\ufffd"}


async def test_many_who_start_at_once_make_one_store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with AsyncExitStack() as stack:
        stores = [open_store(store_url, Path("unused")) for _ in range(8)]
        for store in stores:
            stack.push_async_callback(store.dispose)
        await asyncio.gather(*map(make_tables, stores))
        async with stores[0].connect() as connection:
            assert await connection.run_sync(differences) == []


async def test_a_revision_that_fails_changes_nothing(store: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(RuntimeError):
        await make_tables(store)
    async with store.connect() as connection:
        assert await connection.run_sync(lambda each: inspect(each).get_table_names()) == []
    monkeypatch.undo()
    await make_tables(store)
    assert await revision_of(store) == newest()


async def test_nothing_is_asked_of_a_store_that_stands_at_the_newest(
    store: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_tables(store)
    monkeypatch.setattr(schema, "_upgrade", None)
    await make_tables(store)


async def test_a_store_of_a_newer_program_is_refused_and_left_as_it_is(store: AsyncEngine) -> None:
    await make_tables(store)
    await run(store, "UPDATE alembic_version SET version_num = '9999'", "DROP TABLE contents")
    with pytest.raises(StoreTooNew, match=r"9999.*newer Throughline.*THROUGHLINE_DATABASE"):
        await make_tables(store)
    async with store.connect() as connection:
        tables = await connection.run_sync(lambda each: inspect(each).get_table_names())
    assert contents.name not in tables


async def test_only_a_newer_store_keeps_a_run_from_starting(store: AsyncEngine, store_url: str) -> None:
    unused = Path("unused")
    await asyncio.to_thread(refuse_newer, store_url, unused)
    await make_tables(store)
    await asyncio.to_thread(refuse_newer, store_url, unused)
    await run(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew):
        await asyncio.to_thread(refuse_newer, store_url, unused)


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////nowhere/none"])
def test_a_store_that_is_away_keeps_no_run_from_starting(url: str) -> None:
    refuse_newer(url, Path("unused"))
