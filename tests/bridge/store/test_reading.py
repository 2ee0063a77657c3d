"""Stories are found by the beginning of their id, and are read as the journal has them."""

from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.journal import Entry
from bridge.store.projection import content_rows, fact_rows
from bridge.store.reading import interaction_ids, story
from bridge.store.schema import make_tables
from bridge.store.tables import contents, facts, interactions

FIRST, SECOND = "01993c2e-0000-7000-8000-000000000001", "01993c2f-0000-7000-8000-000000000002"


@pytest.fixture
async def connection(store: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    await make_tables(store)
    async with store.begin() as connection:
        yield connection


async def open_interactions(connection: AsyncConnection, opened: Sequence[tuple[str, str]]) -> None:
    for id, at in opened:
        await connection.execute(insert(interactions).values(id=id, state="open", opened_at=at))


async def keep(connection: AsyncConnection, journal: str, *entries: Entry) -> None:
    await connection.execute(insert(facts), fact_rows(journal, entries))
    if rows := content_rows(journal, entries):
        await connection.execute(insert(contents), rows)


def entry(sequence: int, interaction: str = "i", **contents: str) -> Entry:
    return Entry(sequence, f"t{sequence}", "NodeEntered", interaction, {"node": f"n{sequence}"}, dict(contents))


async def test_the_newest_come_first_also_within_one_moment(connection: AsyncConnection) -> None:
    await open_interactions(connection, [("b", "t2"), ("a", "t1"), ("c", "t2")])
    assert await interaction_ids(connection, "") == ["c", "b", "a"]
    assert await interaction_ids(connection, "", limit=2) == ["c", "b"]


@pytest.mark.parametrize("beginning", ["01993c2e", "01993C2E-", FIRST])
async def test_a_beginning_finds_its_own_in_small_or_large_letters(connection: AsyncConnection, beginning: str) -> None:
    await open_interactions(connection, [(FIRST, "t1"), (SECOND, "t2")])
    assert await interaction_ids(connection, beginning) == [FIRST]


@pytest.mark.parametrize("beginning", ["%", "_", "0_993", "' OR 1=1 --", "\\", "\N{SNOWMAN}", "\0"])
async def test_a_beginning_is_no_pattern(connection: AsyncConnection, beginning: str) -> None:
    await open_interactions(connection, [(FIRST, "t1")])
    assert await interaction_ids(connection, beginning) == []


async def test_a_story_is_its_interactions_facts_in_the_journals_order(connection: AsyncConnection) -> None:
    await keep(connection, "j", entry(10, said="ten"), entry(2), entry(3, "other"), entry(1, said="one", name="Ada"))
    told = await story(connection, "i")
    assert told == [entry(1, said="one", name="Ada"), entry(2), entry(10, said="ten")]


async def test_a_story_goes_on_from_a_lost_journal_into_the_next(connection: AsyncConnection) -> None:
    await keep(connection, "01993c2f", entry(1, said="after"))
    await keep(connection, "01993c2e", entry(1, said="before"), entry(2))
    told = [(each.sequence, each.contents) for each in await story(connection, "i")]
    assert told == [(1, {"said": "before"}), (2, {}), (1, {"said": "after"})]


async def test_a_story_whose_contents_were_erased_is_whole(connection: AsyncConnection) -> None:
    await keep(connection, "j", entry(1, said="one"), entry(2))
    await connection.execute(delete(contents))
    assert await story(connection, "i") == [entry(1), entry(2)]


async def test_nobody_has_a_story_that_never_was(connection: AsyncConnection) -> None:
    assert await story(connection, "i") == []
