"""Interactions as lists show them, from each kind of database."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.journal import Journal
from bridge.store.matters import Wanted, contact_taken_by, matter, matters, taken_by
from telephony.events import Fact
from tests.bridge.facts_of_calls import a_call, a_call_cut_off, a_caller_unserved
from tests.bridge.store.projecting import project


async def shown(journal: Journal, store: AsyncEngine, folder: Path, *calls: Sequence[Fact]) -> None:
    for fact in (fact for call in calls for fact in call):
        journal.publish(fact)
    await journal.durable(journal.last)
    await project(folder / "journal.sqlite", store)


async def test_the_newest_first_and_those_before(journal: Journal, store: AsyncEngine, tmp_path: Path) -> None:
    calls = [a_call(customer=str(number)) for number in range(3)]
    await shown(journal, store, tmp_path, *calls)
    async with store.connect() as connection:
        found = await matters(connection, Wanted(), 2)
        assert [each.number for each in found] == ["2", "1"]
        assert [each.number for each in await matters(connection, Wanted(before=found[-1].id), 2)] == ["0"]


async def test_each_has_its_customer_its_contact_and_who_took_it(
    journal: Journal, store: AsyncEngine, tmp_path: Path
) -> None:
    call = a_call(agent="ana", customer="+49", name="Ada")
    await shown(journal, store, tmp_path, call)
    async with store.connect() as connection:
        found = await matter(connection, call[0].interaction_id, None)
        assert await matter(connection, "nothing", None) is None
    assert found
    assert found.contact
    assert (found.number, found.name, found.agent, found.contact.queue) == ("+49", "Ada", "ana", "sales")


async def test_they_are_narrowed_by_state_queue_and_agent(journal: Journal, store: AsyncEngine, tmp_path: Path) -> None:
    done, going = a_call(agent="ana"), a_call(agent="bruno")[:6]
    await shown(journal, store, tmp_path, done, going)
    ids = {"done": done[0].interaction_id, "going": going[0].interaction_id}
    async with store.connect() as connection:
        for wanted, names in (
            (Wanted(state="closed"), ["done"]),
            (Wanted(state="open"), ["going"]),
            (Wanted(agent="ana"), ["done"]),
            (Wanted(taken_by="ana", state="open"), []),
            (Wanted(queue="nowhere"), []),
        ):
            assert [each.id for each in await matters(connection, wanted, 10)] == [ids[name] for name in names]
        assert await taken_by(connection, "ana", ids.values()) == {ids["done"]}


async def test_who_takes_part_in_a_contact_that_goes_on(journal: Journal, store: AsyncEngine, tmp_path: Path) -> None:
    going = a_call(agent="bruno")[:10]
    await shown(journal, store, tmp_path, going)
    contact = next(fact.contact_id for fact in going if hasattr(fact, "contact_id"))
    async with store.connect() as connection:
        assert await contact_taken_by(connection, "bruno", contact)
        assert not await contact_taken_by(connection, "ana", contact)


async def test_who_was_cut_off_or_turned_away_is_found_with_her_number(
    journal: Journal, store: AsyncEngine, tmp_path: Path
) -> None:
    cut, away = a_call_cut_off(customer="+491"), a_caller_unserved(customer="492")
    await shown(journal, store, tmp_path, a_call(), cut, [away])
    async with store.connect() as connection:
        found = await matters(connection, Wanted(cut_off=True), 10)
    assert [(each.number, each.cut_off.state) for each in found if each.cut_off] == [
        ("492", "unserved"),
        ("+491", "queued"),
    ]
