"""Every state that an earlier program left behind, kept beside this file: today's program goes on with it."""

import asyncio
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from bridge.control import ask
from bridge.interaction import TRANSITIONS as INTERACTION
from bridge.journal import Entry, read
from bridge.status import Status
from bridge.store.engine import open_to_read
from bridge.store.schema import newest, revision
from bridge.store.tables import contacts, facts, interactions, seats, set_aside
from config.instance import Instance
from telephony.assignment import TRANSITIONS as ASSIGNMENT
from telephony.contact import TRANSITIONS as CONTACT
from tests.acceptance.conftest import Throughline, on_free_ports
from tests.fleet.fleet import Fleet
from tests.servers.postgresql import PostgreSQL

STATES = sorted(Path(__file__).parent.glob("*/state.tar.xz"))
TABLES: dict[str, Any] = {"ContactMoved": CONTACT, "AssignmentMoved": ASSIGNMENT, "InteractionMoved": INTERACTION}
WITHIN = 20


@dataclass
class Revived:
    """A kept state that today's program runs on, and what the program of its day told."""

    throughline: Throughline
    told: dict[str, Any]

    @property
    def instance(self) -> Instance:
        return Instance(self.throughline.home)

    def journal(self) -> list[Entry]:
        return list(read(self.instance.journal, 0, 1_000_000))

    async def asked(self, *questions: Any) -> list[Any]:
        """The store's answers, and first the schema that it has."""
        engine = open_to_read(self.throughline.environment.get("THROUGHLINE_DATABASE"), self.instance.store)
        try:
            async with engine.connect() as connection:
                answers = [(await connection.execute(each)).all() for each in questions]
                return [await connection.run_sync(revision), *answers]
        finally:
            await engine.dispose()

    async def caught_up(self) -> None:
        """The store holds what the journal holds."""
        async with asyncio.timeout(WITHIN):
            while True:
                _, ((count,),) = await self.asked(select(func.count()).select_from(facts))
                if count == len(self.journal()):
                    return
                await asyncio.sleep(0.1)


STORES = ("its own store", "an empty PostgreSQL")
BOTH = [pytest.param(pair, id=f"{pair[0].parent.name}-{pair[1]}") for pair in product(STATES, STORES)]


@contextmanager
def a_database(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """THROUGHLINE_DATABASE, for one state alone."""
    if kind == STORES[0]:
        yield ""
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


@pytest.fixture(scope="module", params=BOTH)
def revived(request: pytest.FixtureRequest, software: Path, module_server_path: Path) -> Iterator[Revived]:
    """Each kept state, checked and then run."""
    state, kind = request.param
    with a_database(request, kind) as database:
        yield from _run(state, database, software, module_server_path)


def _run(state: Path, database: str, software: Path, module_server_path: Path) -> Iterator[Revived]:
    home = Path(tempfile.mkdtemp(dir=module_server_path))
    home.chmod(0o755)
    with tarfile.open(state) as archive:
        archive.extraction_filter = lambda member, _: member
        archive.extractall(home)
    (home / "software").symlink_to(software)
    throughline = on_free_ports(home)
    throughline.environment["THROUGHLINE_DATABASE"] = database
    checked = throughline.command("check")
    assert checked.returncode == 0, checked.stderr
    throughline.run()
    yield Revived(throughline, json.loads(state.with_name("told.json").read_text()))
    throughline.stop()


def test_a_state_is_kept() -> None:
    assert STATES


def test_every_story_can_be_read_from_its_beginning(revived: Revived) -> None:
    for interaction, lines in revived.told["timelines"].items():
        now = [line["at"] for line in revived.throughline.why(interaction)]
        assert now[: len(lines)] == [line["at"] for line in lines]


async def test_the_store_has_todays_schema_and_all_facts(revived: Revived) -> None:
    await revived.caught_up()
    found, aside = await revived.asked(select(set_aside))
    assert (found, aside) == (newest(), [])


async def test_what_was_left_open_is_closed_by_legal_moves(revived: Revived) -> None:
    await revived.caught_up()
    _, states, ends = await revived.asked(
        select(interactions.c.id, interactions.c.state), select(contacts.c.interaction_id, contacts.c.state)
    )
    kept = {id: state for id, state in states if id in revived.told["timelines"]}
    assert kept == dict.fromkeys(revived.told["timelines"], "closed")
    assert {state for id, state in ends if id in revived.told["waiting"]} == {"abandoned"}
    moves = [entry for entry in revived.journal() if entry.type in TABLES and entry.body["was"]]
    assert [each for each in moves if each.body["now"] not in TABLES[each.type][each.body["was"]]] == []


async def test_what_agents_chose_is_remembered(revived: Revived) -> None:
    answer = await asyncio.to_thread(ask, revived.instance.control, "status", within=5)
    agents = msgspec.convert(answer.result, Status).agents
    assert {name: agents[name].presence for name in revived.told["presences"]} == revived.told["presences"]
    _, taken = await revived.asked(select(seats.c.agent, seats.c.phone))
    assert dict(map(tuple, taken)) == revived.told["seats"]


async def test_the_next_call_is_the_next_story(revived: Revived) -> None:
    before = len(revived.journal())
    host, _, port = revived.throughline.sip.partition(":")
    fleet = Fleet((host, int(port)))
    call = fleet.call("1000", "07001")
    assert await call.until(lambda: call.report.answered is not None, WITHIN)
    call.hang_up()
    async with asyncio.timeout(WITHIN):
        while not any(entry.body.get("now") == "closed" for entry in revived.journal()[before:]):
            await asyncio.sleep(0.1)
    await fleet.close()
    await revived.caught_up()
    newest_story = await asyncio.to_thread(revived.throughline.why, "")
    assert "07001" in str(newest_story[0]["text"])


def test_doctor_finds_the_store_in_order(revived: Revived) -> None:
    found = json.loads(revived.throughline.command("doctor", "--json").stdout)
    store = {each["what"]: each["verdict"] for each in found["findings"] if each["area"] == "store"}
    assert store == {"journal": "ok", "database": "ok"}
