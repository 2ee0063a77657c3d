"""A server is neither held up by us nor trusted blindly, and takes whatever text comes."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.store.engine import open_store
from bridge.store.postgresql import unsafe_settings, without_nul
from tests.servers.postgresql import PostgreSQL


async def shown(url: str, setting: str) -> str:
    engine = open_store(url, Path("unused"))
    async with engine.connect() as connection:
        found = (await connection.execute(text(f"SHOW {setting}"))).scalar_one()
    await engine.dispose()
    return str(found)


async def test_no_statement_and_no_transaction_holds_up_others_unless_the_url_says_so(postgresql: PostgreSQL) -> None:
    url = postgresql.url()
    assert await shown(url, "statement_timeout") == "10s"
    assert await shown(url, "application_name") == "throughline"
    assert await shown(f"{url}?application_name=mine", "application_name") == "mine"
    chosen = f"{url}?options=-c%20statement_timeout%3D1min"
    assert await shown(chosen, "statement_timeout") == "1min"
    assert await shown(chosen, "idle_in_transaction_session_timeout") == "10s"


async def test_only_what_is_switched_off_is_unsafe(store: AsyncEngine) -> None:
    async with store.connect() as connection:
        assert await unsafe_settings(connection) == []
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SET synchronous_commit = off"))
            assert await unsafe_settings(connection) == ["synchronous_commit"]


def test_a_replacement_stands_for_each_nul_and_nothing_else_is_touched() -> None:
    value = {"a\0": ["\0x\0", 1, None, True, 0.5, {"b": "\\u0000"}]}
    assert without_nul(value) == {"a\ufffd": ["\ufffdx\ufffd", 1, None, True, 0.5, {"b": "\\u0000"}]}
