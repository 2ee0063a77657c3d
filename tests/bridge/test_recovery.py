"""What an earlier controller left: the record is closed by legal moves, whatever moment the controller died at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.interaction import TRANSITIONS as INTERACTION
from bridge.journal import Journal
from bridge.recovery import chosen_presences, close_what_was_left_open, seats_taken
from bridge.store.projector import Projector
from bridge.store.reading import story
from bridge.store.tables import assignments, contacts, interactions, set_aside
from telephony.agent import Presence
from telephony.assignment import TRANSITIONS as ASSIGNMENT
from telephony.clock import SystemClock
from telephony.contact import TRANSITIONS as CONTACT
from telephony.events import Fact, PresenceChanged, SeatChanged
from telephony.tasks import TaskSet
from tests.bridge.facts_of_calls import a_call

TABLES: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "ContactMoved": CONTACT,
    "AssignmentMoved": ASSIGNMENT,
    "InteractionMoved": INTERACTION,
}


async def projected(journal: Journal, store: AsyncEngine, file: Path) -> None:
    """Everything published so far is in the store."""
    await journal.durable(journal.last)
    projector, tasks = Projector(file, store, SystemClock()), TaskSet("test")
    tasks.spawn(projector.run(), "projector")
    await projector.caught_up()
    await tasks.close()


async def restart(journal: Journal, store: AsyncEngine, file: Path) -> int:
    await projected(journal, store, file)
    async with store.connect() as connection:
        closed = await close_what_was_left_open(connection, journal.publish)
    await projected(journal, store, file)
    return closed


@pytest.mark.parametrize("died_after", range(1, len(a_call()) + 1))
async def test_all_is_closed_legally_and_once_whenever_the_controller_died(
    journal: Journal, store: AsyncEngine, tmp_path: Path, died_after: int
) -> None:
    call = a_call()
    for fact in call[:died_after]:
        journal.publish(fact)
    await restart(journal, store, tmp_path / "journal.sqlite")
    assert await restart(journal, store, tmp_path / "journal.sqlite") == 0
    async with store.connect() as connection:
        for table, ended in ((contacts, "ended_at"), (assignments, "ended_at"), (interactions, "closed_at")):
            assert all(row[ended] for row in (await connection.execute(select(table))).mappings())
        assert (await connection.execute(select(set_aside))).all() == []
        entries = await story(connection, call[0].interaction_id)
    for entry in (entry for entry in entries if entry.type in TABLES and entry.body["was"]):
        assert entry.body["now"] in TABLES[entry.type][entry.body["was"]]


async def test_what_agents_chose_last_is_remembered_and_a_missed_call_is_forgotten(
    journal: Journal, store: AsyncEngine, tmp_path: Path
) -> None:
    chosen: list[Fact] = [
        PresenceChanged(agent="ana", was="available", now="away"),
        PresenceChanged(agent="ana", was="away", now="offline"),
        PresenceChanged(agent="bruno", was="available", now="unresponsive"),
        PresenceChanged(agent="carla", was="away", now="available"),
    ]
    for fact in chosen:
        journal.publish(fact)
    await projected(journal, store, tmp_path / "journal.sqlite")
    async with store.connect() as connection:
        remembered = await chosen_presences(connection)
    assert remembered == {"ana": Presence.OFFLINE, "carla": Presence.AVAILABLE}


async def test_at_which_phone_an_agent_is_outlives_us(journal: Journal, store: AsyncEngine, tmp_path: Path) -> None:
    for agent, phone in (("ana", "bruno"), ("carla", "david"), ("carla", "carla")):
        journal.publish(SeatChanged(agent=agent, phone=phone))
    await projected(journal, store, tmp_path / "journal.sqlite")
    async with store.connect() as connection:
        assert await seats_taken(connection) == {"ana": "bruno"}
