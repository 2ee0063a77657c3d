"""The store follows the journal: whatever dies, is deleted, is away or refuses, it ends as the journal says."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.journal import Entry, Journal, read
from bridge.store import projector as module
from bridge.store.engine import open_store, open_to_read
from bridge.store.projector import Projector
from bridge.store.reading import story
from bridge.store.schema import make_tables
from bridge.store.tables import assignments, facts, progress, set_aside
from telephony.clock import SystemClock
from telephony.events import AssignmentMoved, Fact, InteractionMoved, PresenceChanged
from tests.bridge.conftest import Databases, Logged
from tests.bridge.facts_of_calls import a_call, any_fact, followed
from tests.bridge.store.projecting import Impatient, caught_up, following, project, publish, rows, sequences

ALL = 1_000_000
FEW_WORDS = st.sampled_from(("", "a", "b", "open", "closed", "offered", "accepted", "done", "voice"))


class Killed(BaseException):
    """The process died."""


def remove(folder: Path, name: str) -> None:
    for file in folder.glob(f"{name}*"):
        file.unlink()


def talk(agent: str, assignment: str) -> list[Fact]:
    """An agent accepts."""
    names = {"assignment_id": assignment, "contact_id": assignment, "agent": agent, "queue": "q", "medium": "voice"}
    return [
        AssignmentMoved(interaction_id=assignment, was=was, now=now, **names)
        for was, now in (("", "offered"), ("offered", "accepted"))
    ]


@pytest.fixture
def journal_file(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


async def test_everything_durable_is_in_the_store_once_it_has_caught_up(
    journal: Journal, journal_file: Path, store: AsyncEngine
) -> None:
    async with following(journal_file, store) as projector:
        journal.on_durable(projector.notice)
        for _ in range(20):
            await publish(journal, *a_call())
            await caught_up(projector)
            assert await sequences(store) == list(range(1, journal.last + 1))
    assert projector.set_aside == 0


async def test_news_that_come_while_it_finds_nothing_are_not_overlooked(
    journal: Journal, journal_file: Path, store: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    projector = Projector(journal_file, store, Impatient())
    loop, found = asyncio.get_running_loop(), list[int]()

    def read_and_be_late(file: Path, after: int, limit: int) -> list[Entry]:
        entries = read(file, after, limit)
        if not found:
            asyncio.run_coroutine_threadsafe(publish(journal, *a_call()), loop).result(10)
        found.append(len(entries))
        return entries

    monkeypatch.setattr(module, "read", read_and_be_late)
    journal.on_durable(projector.notice)
    running = asyncio.create_task(projector.run())
    await caught_up(projector)
    running.cancel()
    assert found == [0, len(a_call()), 0]


async def test_it_goes_on_where_it_stopped(journal: Journal, journal_file: Path, store: AsyncEngine) -> None:
    for _ in range(3):
        await publish(journal, *a_call())
        await project(journal_file, store)
    assert await sequences(store) == list(range(1, journal.last + 1))


def die_at(engine: AsyncEngine, moment: int) -> None:
    """Kills before the statement or commit of this number."""
    left = moment

    def step(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    event.listen(engine.sync_engine, "before_cursor_execute", step)
    event.listen(engine.sync_engine, "commit", step)


@settings(max_examples=15, deadline=None)
@given(
    published=st.lists(any_fact(FEW_WORDS), max_size=12),
    moments=st.lists(st.integers(0, 100), max_size=3),
    batch=st.integers(1, 5),
)
async def test_wherever_it_is_killed_it_ends_as_if_it_never_was(
    published: list[Fact],
    moments: list[int],
    batch: int,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("killed") / "journal.sqlite"
    journal = Journal(file, SystemClock())
    await publish(journal, *published, *a_call())
    await journal.close()
    with databases() as one, databases() as other:
        whole = await _projected(file, one, [], batch=module.BATCH)
        broken = await _projected(file, other, moments, batch)
    assert broken == whole
    known = {sequence for _, sequence, *_ in [*whole["facts"], *whole["set_aside"]]}
    assert known == {entry.sequence for entry in read(file, 0, ALL)}


async def _projected(journal: Path, url: str, moments: Sequence[int], batch: int) -> dict[str, list[tuple[Any, ...]]]:
    """The store after lives that end at those moments, and a last one that does not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BATCH", batch)
        for moment in moments:
            engine = open_store(url, journal)
            die_at(engine, moment)
            with suppress(Killed):
                await project(journal, engine)
            await engine.dispose()
        engine = open_store(url, journal)
        await project(journal, engine)
        everything = await rows(engine)
        await engine.dispose()
    return everything


async def test_a_deleted_store_is_made_again_while_it_runs(
    journal: Journal, journal_file: Path, sqlite_store: AsyncEngine, tmp_path: Path
) -> None:
    async with following(journal_file, sqlite_store) as projector:
        journal.on_durable(projector.notice)
        await publish(journal, *a_call())
        await caught_up(projector)
        before = await rows(sqlite_store)
        remove(tmp_path, "throughline.sqlite")
        await publish(journal, PresenceChanged(agent="ana", was="", now="away"))
        await caught_up(projector)
    reader = open_to_read(None, tmp_path / "throughline.sqlite")
    after = await rows(reader)
    await reader.dispose()
    assert after["contacts"] == before["contacts"] != []
    assert len(after["facts"]) == journal.last


async def test_an_empty_store_in_its_place_is_filled(
    journal: Journal, journal_file: Path, sqlite_store: AsyncEngine, tmp_path: Path
) -> None:
    await publish(journal, *a_call())
    await project(journal_file, sqlite_store)
    before = await rows(sqlite_store)
    await sqlite_store.dispose()
    remove(tmp_path, "throughline.sqlite")
    empty = open_store(None, tmp_path / "throughline.sqlite")
    await make_tables(empty)
    await project(journal_file, empty)
    assert await rows(empty) == before
    await empty.dispose()


async def test_a_fact_that_breaks_an_invariant_is_set_aside_and_the_others_go_on(
    journal: Journal, journal_file: Path, store: AsyncEngine, logged: Logged
) -> None:
    first, second = talk("ana", "one"), talk("ana", "two")
    await publish(journal, *first, *second, *a_call(agent="bruno"))
    projector = await project(journal_file, store)
    async with store.connect() as connection:
        refused = (await connection.execute(select(set_aside.c.sequence, set_aside.c.reason))).all()
        states = {row.id: row.state for row in await connection.execute(select(assignments))}
        told = [entry.body["now"] for entry in await story(connection, "two")]
    assert [row.sequence for row in refused] == [4]
    assert "unique" in refused[0].reason.lower()
    assert (states["one"], states["two"]) == ("accepted", "offered")
    assert "done" in states.values()
    assert told == ["offered", "accepted"]
    assert projector.set_aside == len(logged.of("fact_set_aside")) == 1


async def test_facts_of_another_versions_shape_are_set_aside_and_the_others_go_on(
    journal: Journal, journal_file: Path, store: AsyncEngine, logged: Logged
) -> None:
    await publish(journal, *a_call())
    shapes = ('{"paused": true}', "[]", "null", "not JSON", '{"now": ["queued"]}')
    for body in shapes:
        await publish(journal, InteractionMoved(interaction_id="i", was="open", now="closed"))
        journal._database.execute("UPDATE facts SET body = ? WHERE sequence = ?", (body, journal.last)).close()
    await publish(journal, *a_call())
    projector = await project(journal_file, store)
    assert projector.set_aside == len(shapes)
    assert len((await rows(store))["interactions"]) == 2


async def test_a_store_that_is_away_for_a_while_gets_everything_afterwards(
    journal: Journal, journal_file: Path, tmp_path: Path, logged: Logged
) -> None:
    engine = open_store(f"sqlite:///{tmp_path}/away/store.sqlite", tmp_path / "unused")
    async with following(journal_file, engine) as projector:
        journal.on_durable(projector.notice)
        await publish(journal, *a_call())
        await logged.has_come("store_not_reachable")
        (tmp_path / "away").mkdir()
        await caught_up(projector)
        assert await sequences(engine) == list(range(1, journal.last + 1))
    await engine.dispose()


async def test_a_store_of_a_newer_program_is_left_alone_until_it_is_replaced(
    journal: Journal, journal_file: Path, store: AsyncEngine, logged: Logged
) -> None:
    await publish(journal, *a_call())
    await project(journal_file, store)
    async with store.begin() as connection:
        (ours,) = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars()
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await publish(journal, *a_call())
    async with following(journal_file, store) as projector:
        await logged.has_come("store_too_new")
        assert len(await sequences(store)) == journal.last / 2
        async with store.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = :ours"), {"ours": ours})
        await caught_up(projector)
    assert len(await sequences(store)) == journal.last
    assert len(logged.of("store_too_new")) == 1
    assert "exception" not in str(logged.lines)


async def test_text_that_not_every_database_takes_is_kept_in_each(
    journal: Journal, journal_file: Path, store: AsyncEngine
) -> None:
    call = a_call(customer="+49\0", name="A\0da \N{GRINNING FACE} \\u0000")
    await publish(journal, *call, PresenceChanged(agent="ana", was="", now="away", reason="\0"))
    projector = await project(journal_file, store)
    assert projector.set_aside == 0
    async with store.connect() as connection:
        told = await story(connection, call[0].interaction_id)
    nul = "\ufffd" if store.dialect.name == "postgresql" else "\0"
    name = f"A{nul}da \N{GRINNING FACE} \\u0000"
    assert told[0].contents == {"customer": f"+49{nul}", "customer_name": name}


async def test_two_projectors_at_once_leave_nothing_out_and_nothing_twice(
    journal: Journal, journal_file: Path, store: AsyncEngine, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    await publish(journal, *(fact for _ in range(5) for fact in a_call()))
    other = open_store(store_url, journal_file)
    async with following(journal_file, store) as one, following(journal_file, other) as two:
        await caught_up(one)
        await caught_up(two)
    assert await sequences(store) == list(range(1, journal.last + 1))
    assert one.set_aside + two.set_aside == 0
    assert (await rows(store))["set_aside"] == []
    await other.dispose()


async def test_a_new_journal_goes_into_the_store_of_a_lost_one(store: AsyncEngine, tmp_path: Path) -> None:
    for _ in range(2):
        journal = Journal(tmp_path / "journal.sqlite", SystemClock())
        await publish(journal, *a_call())
        await journal.close()
        await project(tmp_path / "journal.sqlite", store)
        remove(tmp_path, "journal.sqlite")
    everything = await rows(store)
    assert len(everything["facts"]) == 2 * len(a_call())
    assert len(everything["interactions"]) == len(everything["progress"]) == 2
    assert everything["set_aside"] == []


async def test_a_store_without_a_mark_for_this_journal_is_filled_from_its_beginning(
    journal: Journal, journal_file: Path, store: AsyncEngine
) -> None:
    await publish(journal, *followed(*talk("ana", "one")))
    await make_tables(store)
    await project(journal_file, store)
    async with store.connect() as connection:
        mark = (await connection.execute(select(progress.c.sequence))).scalar_one()
        count = (await connection.execute(select(func.count()).select_from(facts))).scalar_one()
    assert (mark, count) == (2, 2)


async def test_it_ends_by_itself_when_it_is_stopped(journal: Journal, journal_file: Path, store: AsyncEngine) -> None:
    projector = Projector(journal_file, store, SystemClock())
    journal.on_durable(projector.notice)
    running = asyncio.create_task(projector.run())
    await publish(journal, *talk("ana", "a1"))
    projector.stop()
    await asyncio.wait_for(running, 10)
