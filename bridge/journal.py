"""The journal: every fact, in order, appended to a local file by a thread of its own and fsynced in groups.

Publishing never waits and never fails. What must be durable before it is acknowledged awaits `durable`.
A customer's words and numbers lie in a table of their own, so that they can be erased without breaking the record.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from telephony.clock import Clock
from telephony.events import Fact

log = structlog.get_logger()

RETRY_AFTER: Final = 0.5
LARGEST_GROUP: Final = 1000

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS facts (
    sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL,
    interaction_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS contents (
    sequence INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (sequence, field)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as it lies in the journal: `at` is UTC in ISO 8601, `body` the fact's plain fields, `contents` what can
    be erased."""

    sequence: int
    at: str
    type: str
    interaction_id: str
    body: dict[str, Any]
    contents: dict[str, Any]


class Journal:
    """An EventSink that keeps. `on_durable` is called on the event loop after each group with its last sequence."""

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file, self._clock = file, clock
        self._loop = asyncio.get_running_loop()
        self._database = _open(file)
        self.last = int(self._database.execute("SELECT coalesce(max(sequence), 0) FROM facts").fetchone()[0])
        self._written = self.last
        self._inbox: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._listeners: list[Callable[[int], None]] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._thread.start()

    def publish(self, fact: Fact) -> None:
        """Takes a fact; it is on disk some milliseconds later."""
        if self._closing.is_set():
            return
        self.last += 1
        body = msgspec.to_builtins(fact)
        contents = {field: body.pop(field) for field in fact.contents}
        at = self._clock.now().isoformat(timespec="milliseconds")
        self._inbox.put(Entry(self.last, at, body.pop("type"), body.pop("interaction_id"), body, contents))

    async def durable(self, sequence: int) -> None:
        """Returns once the fact of this sequence, and all before it, are on disk."""
        if sequence <= self._written:
            return
        done = self._loop.create_future()
        self._waiting.append((sequence, done))
        await done

    def on_durable(self, listener: Callable[[int], None]) -> None:
        """Adds a listener."""
        self._listeners.append(listener)

    async def close(self) -> None:
        """Takes no more facts, and returns once those taken are on disk (at most after 10 seconds)."""
        self._closing.set()
        self._inbox.put(None)
        await asyncio.to_thread(self._thread.join, 10.0)

    def _write_all(self) -> None:
        while group := self._next_group():
            self._write(group)
            self._loop.call_soon_threadsafe(self._reached, group[-1].sequence)
        self._database.close()

    def _next_group(self) -> list[Entry]:
        """Waits for one fact, then takes with it what has gathered: one fsync for all. Empty at the end."""
        group: list[Entry] = []
        entry = self._inbox.get()
        while entry is not None:
            group.append(entry)
            if len(group) >= LARGEST_GROUP or self._inbox.empty():
                return group
            entry = self._inbox.get()
        self._inbox.put(None)
        return group

    def _write(self, group: Sequence[Entry]) -> None:
        """Writes, however often it takes: a full disk holds facts up in memory, it does not lose them."""
        while True:
            try:
                with self._database:
                    self._database.executemany("INSERT INTO facts VALUES (?,?,?,?,?)", map(_row, group))
                    self._database.executemany("INSERT INTO contents VALUES (?,?,?)", _content_rows(group))
                return
            except sqlite3.OperationalError as error:
                log.critical("journal_not_written", facts=len(group), reason=str(error))
                if self._closing.wait(RETRY_AFTER):
                    return

    def _reached(self, sequence: int) -> None:
        self._written = sequence
        ready = [done for wanted, done in self._waiting if wanted <= sequence and not done.done()]
        self._waiting = [each for each in self._waiting if each[0] > sequence]
        for done in ready:
            done.set_result(None)
        for listener in self._listeners:
            listener(sequence)


def read(file: Path, after: int, limit: int) -> list[Entry]:
    """Up to `limit` facts that follow a sequence; blocking, for a thread."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5.0)
    try:
        rows = database.execute(
            "SELECT sequence, at, type, interaction_id, body FROM facts WHERE sequence > ? ORDER BY sequence LIMIT ?",
            (after, limit),
        ).fetchall()
        if not rows:
            return []
        contents = _contents(database, rows[0][0], rows[-1][0])
    finally:
        database.close()
    return [
        Entry(sequence, at, type, interaction, msgspec.json.decode(body), contents.get(sequence, {}))
        for sequence, at, type, interaction, body in rows
    ]


def _contents(database: sqlite3.Connection, first: int, last: int) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for sequence, field, value in database.execute(
        "SELECT * FROM contents WHERE sequence BETWEEN ? AND ?", (first, last)
    ):
        found.setdefault(sequence, {})[field] = msgspec.json.decode(value)
    return found


def _open(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, check_same_thread=False, timeout=5.0)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(_SCHEMA)
    file.chmod(0o600)
    return database


def _row(entry: Entry) -> tuple[Any, ...]:
    body = msgspec.json.encode(entry.body).decode()
    return (entry.sequence, entry.at, entry.type, entry.interaction_id, body)


def _content_rows(group: Iterable[Entry]) -> Iterable[tuple[Any, ...]]:
    for entry in group:
        for field, value in entry.contents.items():
            yield (entry.sequence, field, msgspec.json.encode(value).decode())
