"""What the journal has acknowledged is there afterwards, in order, whatever happens in between."""

import asyncio
import random
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import journal as module
from bridge.journal import Journal, NotDurable, identity, read, summary
from telephony.clock import SystemClock
from telephony.events import ContactArrived, Fact, PresenceChanged
from tests.bridge.conftest import Logged
from tests.bridge.facts_of_calls import a_call, any_fact

ALL = 1_000_000
CLOCK = SystemClock()

CHILD = """
import asyncio, random, sys
from pathlib import Path
from bridge.journal import Journal
from telephony.clock import SystemClock
from telephony.events import ContactArrived

async def main():
    journal = Journal(Path(sys.argv[1]), SystemClock())
    while True:
        for _ in range(random.randrange(1, 30)):
            number = str(journal.last + 1)
            journal.publish(ContactArrived(contact_id=number, medium="voice", address="1000", customer=number))
        acknowledged = journal.last
        journal.publish(ContactArrived(contact_id=str(journal.last + 1), medium="voice", address="1000", customer="?"))
        await journal.durable(acknowledged)
        print(acknowledged, flush=True)

asyncio.run(main())
"""


def numbered(number: int, size: int = 0) -> Fact:
    return PresenceChanged(agent=str(number), was="away", now="available", reason="x" * size)


async def publish(journal: Journal, facts: Sequence[Fact]) -> None:
    for fact in facts:
        journal.publish(fact)
    async with asyncio.timeout(10):
        await journal.durable(journal.last)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


def agents(file: Path) -> list[str]:
    return [entry.body["agent"] for entry in read(file, 0, ALL)]


def leave_no_room(journal: Journal) -> Callable[[], object]:
    """The disk is full; what is returned makes room again."""
    (pages,) = journal._database.execute("PRAGMA page_count").fetchone()
    journal._database.execute(f"PRAGMA max_page_count = {pages}").close()
    return lambda: journal._database.execute("PRAGMA max_page_count = 1000000").close()


async def test_a_fact_is_read_back_with_its_contents_apart(journal: Journal, tmp_path: Path) -> None:
    arrived = ContactArrived(
        interaction_id="i", contact_id="c", medium="voice", address="1000", customer="+49", customer_name="Ada"
    )
    await publish(journal, [arrived])
    (entry,) = read(tmp_path / "journal.sqlite", 0, ALL)
    assert (entry.sequence, entry.type, entry.interaction_id) == (1, "ContactArrived", "i")
    assert entry.body == {"contact_id": "c", "medium": "voice", "address": "1000"}
    assert entry.contents == {"customer": "+49", "customer_name": "Ada"}
    assert entry.at.endswith("+00:00")


@settings(max_examples=25, deadline=None)
@given(lives=st.lists(st.lists(any_fact(st.text(max_size=20)), max_size=8), max_size=3))
async def test_any_facts_of_any_lives_are_read_back_in_order(
    lives: list[list[Fact]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    for life in lives:
        journal = Journal(file, CLOCK)
        await publish(journal, life)
        await journal.close()
    facts = [fact for life in lives for fact in life]
    if facts:
        entries = read(file, 0, ALL)
        assert [entry.sequence for entry in entries] == list(range(1, len(facts) + 1))
        for entry, fact in zip(entries, facts, strict=True):
            plain = {"type": entry.type, "interaction_id": entry.interaction_id, **entry.body, **entry.contents}
            assert plain == msgspec.json.decode(msgspec.json.encode(fact))


async def test_reading_goes_on_after_a_sequence_in_portions(journal: Journal, tmp_path: Path) -> None:
    await publish(journal, [numbered(n) for n in range(1, 8)])
    portions = [[entry.sequence for entry in read(tmp_path / "journal.sqlite", after, 3)] for after in (0, 3, 6, 7)]
    assert portions == [[1, 2, 3], [4, 5, 6], [7], []]


async def test_what_gathers_meanwhile_costs_one_fsync(journal: Journal) -> None:
    groups: list[int] = []
    journal.on_durable(groups.append)
    await publish(journal, [numbered(n) for n in range(2000)])
    assert len(groups) < 100
    assert groups[-1] == 2000


async def test_durable_means_that_the_disk_has_it(journal: Journal) -> None:
    pragmas = {
        name: journal._database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")
    }
    assert pragmas == {"synchronous": 2, "journal_mode": "wal"}


async def test_listeners_know_before_those_who_await(journal: Journal) -> None:
    known: list[int] = []
    journal.on_durable(known.append)
    await publish(journal, a_call())
    assert known[-1] == journal.last


async def test_only_the_owner_may_read_any_of_its_files(journal: Journal, tmp_path: Path) -> None:
    await publish(journal, a_call())
    files = ("journal.lock", "journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm")
    assert modes(tmp_path) == dict.fromkeys(files, 0o600)


async def test_its_path_may_hold_any_character(tmp_path: Path) -> None:
    file = tmp_path / "a ?mode=rw#%41 [b].sqlite"
    journal = Journal(file, CLOCK)
    await publish(journal, [numbered(1)])
    await journal.close()
    assert agents(file) == ["1"]


async def test_text_that_no_file_takes_does_not_stop_what_follows(journal: Journal, tmp_path: Path) -> None:
    half = ContactArrived(contact_id="c", medium="voice", address="1000", customer="+49", customer_name="A\ud800b\0")
    await publish(journal, [half, numbered(2)])
    first, second = read(tmp_path / "journal.sqlite", 0, ALL)
    assert first.contents["customer_name"] == "A?b\0"
    assert second.body["agent"] == "2"


async def test_a_full_disk_holds_facts_up_and_loses_none(
    journal: Journal, tmp_path: Path, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_AFTER", 0.01)
    await publish(journal, [numbered(1)])
    make_room = leave_no_room(journal)
    for number in range(2, 50):
        journal.publish(numbered(number, size=5000))
    acknowledged = asyncio.create_task(journal.durable(2))
    await logged.has_come("journal_not_written")
    assert not acknowledged.done()
    assert (journal.unwritten, journal.keeps(1), journal.keeps(2)) == (48, True, False)
    assert journal.hindrance.why == "database or disk is full"
    make_room()
    await asyncio.wait_for(acknowledged, 5)
    await publish(journal, [numbered(50)])
    assert (journal.unwritten, journal.hindrance.since) == (0, None)
    assert len(logged.of("journal_not_written")) == len(logged.of("journal_written_again")) == 1
    assert agents(tmp_path / "journal.sqlite") == [str(number) for number in range(1, 51)]


async def test_closing_on_a_full_disk_acknowledges_nothing_and_counts_what_is_lost(
    tmp_path: Path, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_AFTER", 0.01)
    journal = Journal(tmp_path / "journal.sqlite", CLOCK)
    await publish(journal, [numbered(1)])
    leave_no_room(journal)
    journal.publish(numbered(2, size=50_000))
    journal.publish(numbered(3))
    acknowledged = asyncio.create_task(journal.durable(2))
    await logged.has_come("journal_not_written")
    await journal.close(within=0.05)
    with pytest.raises(NotDurable):
        await acknowledged
    await asyncio.to_thread(journal._thread.join, 10)
    with pytest.raises(NotDurable):
        await journal.durable(3)
    assert [line["facts"] for line in logged.of("facts_lost")] == [2]
    assert agents(tmp_path / "journal.sqlite") == ["1"]


async def test_closing_writes_what_was_taken_and_takes_no_more(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite", CLOCK)
    for number in range(1, 4):
        journal.publish(numbered(number))
    await journal.close()
    journal.publish(numbered(4))
    await journal.durable(3)
    await journal.close()
    assert agents(tmp_path / "journal.sqlite") == ["1", "2", "3"]


async def test_a_locked_file_holds_up_nobody_but_who_awaits_it(journal: Journal, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    journal.publish(numbered(1))
    acknowledged = asyncio.create_task(journal.durable(1))
    await asyncio.wait([acknowledged], timeout=0.02)
    assert not acknowledged.done()
    other.execute("ROLLBACK")
    other.close()
    await asyncio.wait_for(acknowledged, 5)
    assert agents(tmp_path / "journal.sqlite") == ["1"]


async def test_two_processes_on_one_file_lose_nothing_and_keep_their_own_orders(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    old, new = Journal(file, CLOCK), Journal(file, CLOCK)
    for turn in range(20):
        await asyncio.gather(
            publish(old, [PresenceChanged(agent="old", was="", now=str(turn))]),
            publish(new, [PresenceChanged(agent="new", was="", now=str(turn))]),
        )
    await old.close()
    await new.close()
    entries = read(file, 0, ALL)
    assert [entry.sequence for entry in entries] == list(range(1, 41))
    for agent in ("old", "new"):
        assert [entry.body["now"] for entry in entries if entry.body["agent"] == agent] == [str(n) for n in range(20)]


async def test_each_journal_has_an_identity_that_it_keeps(tmp_path: Path) -> None:
    for name in ("a", "a", "b"):
        await Journal(tmp_path / name, CLOCK).close()
    assert len(identity(tmp_path / "a")) == 36
    assert identity(tmp_path / "a") != identity(tmp_path / "b")


async def test_an_older_and_a_later_versions_journal_are_read_and_continued(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    with sqlite3.connect(file) as other:
        other.execute(
            "CREATE TABLE facts (sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, "
            "interaction_id TEXT NOT NULL, body TEXT NOT NULL, node TEXT NOT NULL DEFAULT 'one')"
        )
        other.execute("INSERT INTO facts VALUES (4, '2020-01-01T00:00:00+00:00', 'Forgotten', '', 'not JSON', 'two')")
    other.close()
    journal = Journal(file, CLOCK)
    await publish(journal, [numbered(5)])
    await journal.close()
    forgotten, known = read(file, 0, ALL)
    assert (forgotten.sequence, forgotten.type, forgotten.body) == (4, "Forgotten", {"unreadable": "not JSON"})
    assert (known.sequence, known.body["agent"]) == (5, "5")


async def test_killed_at_any_moment_it_keeps_every_acknowledged_fact(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    for _ in range(4):
        acknowledged = await _killed_after(random.randrange(1, 150), file)
        entries = read(file, 0, ALL)
        assert len(entries) >= acknowledged > 0
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
        assert [int(entry.body["contact_id"]) for entry in entries] == list(range(1, len(entries) + 1))
        assert all(entry.contents["customer"] in (entry.body["contact_id"], "?") for entry in entries)


async def _killed_after(acknowledgements: int, file: Path) -> int:
    """Kills a writer after it has said so much; returns the last sequence that it acknowledged."""
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, str(file), stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    async with asyncio.timeout(20):
        said = [await child.stdout.readline() for _ in range(acknowledgements)]
        child.send_signal(signal.SIGKILL)
        said += (await child.stdout.read()).splitlines(keepends=True)
        await child.wait()
    return max(int(line) for line in said if line.endswith(b"\n"))


async def test_who_comes_next_waits_until_the_last_word_is_written_and_goes_on_from_there(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    first, second = Journal(file, SystemClock()), Journal(file, SystemClock())
    await first.begin()
    beginning = asyncio.ensure_future(second.begin())
    first.publish(PresenceChanged(agent="ana", was="available", now="away"))
    await asyncio.sleep(0.05)
    assert not beginning.done()
    await first.close()
    await beginning
    assert second.last == 1
    second.publish(PresenceChanged(agent="ana", was="away", now="available"))
    await second.durable(2)
    await second.close()
    assert [entry.sequence for entry in read(file, 0, 10)] == [1, 2]


async def test_who_never_lets_go_is_not_waited_for_for_ever(tmp_path: Path, logged: Logged) -> None:
    file = tmp_path / "journal.sqlite"
    frozen, next_one = Journal(file, SystemClock()), Journal(file, SystemClock())
    await frozen.begin()
    await next_one.begin(within=0.05)
    assert logged.of("journal_shared")
    await next_one.close()
    await frozen.close()


async def test_a_summary_is_kept_with_the_number_of_the_fact_that_it_reaches_to(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    journal = Journal(file, SystemClock())
    assert summary(file) == (0, b"")
    for state in (b"one", b"two"):
        journal.publish(PresenceChanged(agent="ana", was="available", now="away"))
        journal.summarize(state)
    journal.publish(PresenceChanged(agent="ana", was="away", now="available"))
    await journal.close()
    assert summary(file) == (2, b"two")


async def test_a_summary_that_misses_facts_of_somebody_else_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    first, second = Journal(file, SystemClock()), Journal(file, SystemClock())
    first.publish(PresenceChanged(agent="ana", was="available", now="away"))
    await first.durable(1)
    second.publish(PresenceChanged(agent="ana", was="away", now="available"))
    second.summarize(b"of one fact, and there are two")
    await second.close()
    await first.close()
    assert summary(file) == (0, b"")
