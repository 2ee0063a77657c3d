"""What an earlier controller left is read from the journal alone, whole or from a summary on."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bridge import recovery
from bridge.journal import Entry, Journal, read, summary
from bridge.recovery import Bookkeeper, fact_of, remembered
from telephony.clock import SystemClock
from telephony.events import ContactMoved, Fact
from telephony.ledger import Ledger
from tests.bridge.conftest import Logged
from tests.bridge.facts_of_calls import FACTS, a_call
from tests.telephony.test_ledger import until


def a_waiting_caller(name: str = "Ada") -> list[Fact]:
    return until(a_call(name=name), ContactMoved, "queued")


async def kept(journal: Journal, *calls: list[Fact], keeper: Bookkeeper | None = None) -> None:
    """All of it is on disk, as the controller publishes it."""
    for call in calls:
        for fact in call:
            journal.publish(fact)
            if keeper:
                keeper.follow(fact)
    await journal.durable(journal.last)


@pytest.fixture
async def file(journal: Journal, tmp_path: Path) -> AsyncIterator[Path]:
    yield tmp_path / "journal.sqlite"
    await journal.close()


async def test_what_is_over_is_forgotten_and_what_goes_on_is_known(journal: Journal, file: Path) -> None:
    await kept(journal, a_call(), a_waiting_caller("Grace"), a_call())
    (visit,) = remembered(file).visits.values()
    assert (visit.customer_name, visit.state, visit.told) == ("Grace", "queued", len(a_call()) + 1)


async def test_with_a_summary_only_what_came_after_it_is_read(
    journal: Journal, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "SUMMARY_EVERY", 20)
    keeper = Bookkeeper(SystemClock(), journal, Ledger())
    await kept(journal, a_waiting_caller("Grace"), a_call(), a_call(), a_waiting_caller("Hedy"), keeper=keeper)
    after, _ = summary(file)
    assert 0 < after < journal.last
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM facts WHERE sequence < ? AND type NOT LIKE 'ContactArrived'", (after,))
    ledger = remembered(file)
    assert [visit.customer_name for visit in ledger.visits.values()] == ["Grace", "Hedy"]
    assert ledger.visits.keys() == keeper.ledger.visits.keys()


async def test_contents_of_another_matter_are_nobodys(journal: Journal, file: Path) -> None:
    keeper = Bookkeeper(SystemClock(), journal, Ledger())
    await kept(journal, a_waiting_caller("Grace"), keeper=keeper)
    (visit,) = keeper.ledger.visits.values()
    visit.interaction_id = "of somebody else"
    journal.summarize(keeper.ledger.summary())
    await kept(journal, a_call())
    (visit,) = remembered(file).visits.values()
    assert visit.customer_name == ""


async def test_a_summary_of_another_version_is_no_obstacle(journal: Journal, file: Path, logged: Logged) -> None:
    await kept(journal, a_waiting_caller())
    journal.summarize(b'{"visits": 7}')
    await kept(journal, a_call())
    assert len(remembered(file).visits) == 1
    assert logged.of("summary_unreadable")


async def test_every_fact_of_voice_and_routing_comes_back_from_the_journal(journal: Journal, file: Path) -> None:
    await kept(journal, a_call())
    facts = [fact_of(entry) for entry in read(file, 0, 1000)]
    assert None not in facts
    assert {type(fact) for fact in facts} <= set(FACTS)


def test_what_is_of_another_kind_or_was_erased_is_passed_over() -> None:
    assert fact_of(Entry(1, "", "UserSaved", "", {}, {})) is None
    erased = {"contact_id": "c", "medium": "voice", "address": "1000"}
    assert fact_of(Entry(1, "", "ContactArrived", "i", erased, {})) is None
