"""Every fact is kept with what follows from it, and a customer's contents lie where they can be erased, only there."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.facts import Facts
from bridge.interaction import Interactions
from bridge.journal import Journal, read
from bridge.store import tables
from bridge.store.projector import Projector
from telephony.clock import SystemClock
from telephony.events import Considered, ContactArrived, ContactMoved, Fact
from telephony.fence import Fence
from tests.bridge.conftest import Logged
from tests.bridge.facts_of_calls import FACTS

SECRET = "Ada Lovelace +442079460000"
A_CUSTOMERS_OWN = ("customer", "variables", "text", "subject", "words")


def secretive(kind: type[Fact]) -> Fact:
    """A fact of this type in which everything that can be erased says the secret."""
    fields = {field.name: _filled(kind, field.name, field.type) for field in msgspec.structs.fields(kind)}
    return kind(**fields)


def _filled(kind: type[Fact], name: str, type: object) -> Any:
    values: dict[object, Any] = {str: "x", int: 1, float: 1.5, bool: True, dict[str, str]: {"x": "x"}}
    secrets: dict[object, Any] = {str: SECRET, dict[str, str]: {"name": SECRET, SECRET: "name"}}
    if name in kind.contents:
        return secrets[type]
    return values.get(type, (Considered("x", True, "x"),) if type == tuple[Considered, ...] else None)


async def settle(journal: Journal, projector: Projector) -> None:
    running = asyncio.create_task(projector.run())
    async with asyncio.timeout(10):
        await journal.durable(journal.last)
        await projector.caught_up()
    running.cancel()


def tables_with(file: Path, words: str) -> set[str]:
    """The tables of a SQLite file in which these words stand."""
    with closing(sqlite3.connect(file)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name for name in names if words in str(database.execute(f"SELECT * FROM {name}").fetchall())}


async def test_facts_are_kept_with_those_that_they_bring_about(journal: Journal, tmp_path: Path) -> None:
    facts = Facts(journal, Interactions(), Fence(SystemClock()))
    facts.publish(ContactArrived(interaction_id="i", contact_id="c", medium="voice", address="1000", customer=""))
    facts.publish(ContactMoved(interaction_id="i", contact_id="c", was="arrived", now="abandoned"))
    await asyncio.wait_for(journal.durable(journal.last), 5)
    kept = [entry.type for entry in read(tmp_path / "journal.sqlite", 0, 10)]
    assert kept == ["ContactArrived", "InteractionOpened", "ContactMoved", "InteractionMoved"]


@pytest.mark.parametrize("kind", FACTS)
def test_what_is_a_customers_own_is_declared_as_contents(kind: type[Fact]) -> None:
    names = {field.name for field in msgspec.structs.fields(kind)}
    assert set(kind.contents) <= names
    assert {name for name in names if name.startswith(A_CUSTOMERS_OWN)} <= set(kind.contents)


async def test_a_customers_contents_lie_only_in_tables_of_contents_and_in_no_log(
    journal: Journal, sqlite_store: AsyncEngine, logged: Logged, tmp_path: Path
) -> None:
    projector = Projector(tmp_path / "journal.sqlite", sqlite_store, SystemClock())
    journal.on_durable(projector.notice)
    facts = Facts(journal, Interactions(), Fence(SystemClock()))
    for kind in FACTS:
        facts.publish(secretive(kind))
        facts.publish(secretive(kind))  # twice, so that the store refuses some
    await settle(journal, projector)
    assert tables_with(tmp_path / "journal.sqlite", SECRET) == {"contents"}
    assert tables_with(tmp_path / "throughline.sqlite", SECRET) == {"contents"}
    assert projector.set_aside > 0
    assert len(logged.of("fact_set_aside")) == projector.set_aside
    assert SECRET not in str(logged.lines)


async def test_errors_of_the_store_do_not_show_contents(store: AsyncEngine, journal: Journal, tmp_path: Path) -> None:
    await settle(journal, Projector(tmp_path / "journal.sqlite", store, SystemClock()))
    orphan = {"journal": "j", "sequence": 1, "field": "customer", "value": SECRET}
    async with store.connect() as connection:
        with pytest.raises(IntegrityError) as refused:
            await connection.execute(insert(tables.contents), orphan)
    assert SECRET not in str(refused.value)


async def test_a_follower_that_fails_holds_up_neither_the_record_nor_other_followers(journal: Journal) -> None:
    def fail(_: Fact) -> None:
        raise ValueError

    facts, followed = Facts(journal, Interactions(), Fence(SystemClock())), list[str]()
    facts.on_fact(fail)
    facts.on_fact(lambda fact: followed.append(type(fact).__name__))
    facts.publish(ContactArrived(interaction_id="i", contact_id="c", medium="voice", address="1000", customer=""))
    assert followed == ["ContactArrived", "InteractionOpened"]
    assert journal.last == 2


async def test_a_controller_that_is_fenced_off_tells_nothing_more(journal: Journal) -> None:
    fence, followed = Fence(SystemClock()), list[Fact]()
    facts = Facts(journal, Interactions(), fence)
    facts.on_fact(followed.append)
    fence.drop("another one is there")
    facts.publish(ContactArrived(interaction_id="i", contact_id="c", medium="voice", address="1000", customer=""))
    assert (followed, journal.last) == ([], 0)
