"""The journal: every fact, in order, appended to a local file by a thread of its own and fsynced in groups.

Publishing never waits and never fails. What must be durable before it is acknowledged awaits `durable`.
A customer's words and numbers lie in a table of their own, so that they can be erased without breaking the record.
Tables may gain columns with defaults, nothing else, so that versions can read and continue each other's journals.
"""

import asyncio
import fcntl
import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

import msgspec
import structlog

from bridge.hindrance import Hindrance
from telephony.clock import Clock
from telephony.events import Fact
from telephony.ids import new_id

log = structlog.get_logger()

RETRY_AFTER: Final = 0.5
CLOSED_WITHIN: Final = 5.0
LARGEST_GROUP: Final = 1000
PREDECESSOR_WITHIN: Final = 2.0
LOOK_EVERY: Final = 0.01

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS facts (
    sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL,
    interaction_id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS contents (
    sequence INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (sequence, field)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS summary (
    one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, state BLOB NOT NULL);
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


class _Draft(NamedTuple):
    """A fact as text, ready to be written; its sequence it gets from the file."""

    columns: tuple[str, str, str, str]
    contents: tuple[tuple[str, str], ...]


class _Summary(NamedTuple):
    """What the facts up to a number come to, in somebody's own words."""

    sequence: int
    state: bytes


class NotDurable(Exception):
    """The journal was closed before a fact was on disk."""


class Journal:
    """An EventSink that keeps; used on the event loop that it was made on.

    `last` is the number of the last fact taken. Numbers go on from the file's and are those that the facts get in it,
    unless another process writes to it too, as a controller does that is being replaced: there the file decides.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._file, self._database = file, _open(file)
        self._lock = _lock(file.with_suffix(".lock"))
        self.last = self._written = _last(self._database)
        self._inbox: queue.SimpleQueue[_Draft | _Summary | None] = queue.SimpleQueue()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._listeners: list[Callable[[int], None]] = []
        self.hindrance = Hindrance(clock)
        self._closed = False
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._thread.start()

    async def begin(self, within: float = PREDECESSOR_WITHIN) -> None:
        """To be called before the first fact: waits until nobody else writes here any more, at most so many seconds
        (one that is frozen may not let go), and goes on from what was written last."""
        for _ in range(round(within / LOOK_EVERY)):
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await self._clock.sleep(LOOK_EVERY)
        else:
            log.warning("journal_shared", file=str(self._file))
        self.last = self._written = await asyncio.to_thread(last, self._file)

    def keeps(self, number: int) -> bool:
        """Whether the fact of this number is on disk."""
        return number <= self._written

    @property
    def unwritten(self) -> int:
        """How many facts are in memory only."""
        return max(0, self.last - self._written)

    @property
    def closed(self) -> bool:
        """Whether it takes no facts any more."""
        return self._closed

    def summarize(self, state: bytes) -> None:
        """Keeps what all facts up to now come to, in place of what was kept before; `summary` gives it back."""
        if not self._closed:
            self._inbox.put(_Summary(self.last, state))

    def publish(self, fact: Fact) -> None:
        """Takes a fact; it is on disk some milliseconds later. Once closed, it takes none."""
        if not self._closed:
            self._inbox.put(_draft(fact, self._clock.now().isoformat(timespec="milliseconds")))
            self.last += 1

    async def durable(self, number: int) -> None:
        """Returns once the fact of this number, and all before it, are on disk, however long the disk takes.

        Raises NotDurable when the journal is closed before."""
        if self.keeps(number):
            return
        if self._closed:
            raise NotDurable
        done = self._loop.create_future()
        self._waiting.append((number, done))
        await done

    def on_durable(self, listener: Callable[[int], None]) -> None:
        """Adds a listener: called on the event loop after each group, with its last number."""
        self._listeners.append(listener)

    async def close(self, within: float = CLOSED_WITHIN) -> None:
        """Takes no more facts, and returns once those taken are on disk, at the latest after `within` seconds.

        What is not on disk then is lost and counted in the log."""
        self._closed = True
        self._inbox.put(None)
        await asyncio.to_thread(self._thread.join, within)
        self._given_up.set()
        self._lock.close()
        if lost := self.last - self._written:
            log.critical("facts_lost", facts=lost)
        for _, done in self._waiting:
            if not done.done():
                done.set_exception(NotDurable())

    def _write_all(self) -> None:
        with closing(self._database):
            while (group := self._next_group()) and self._write(group):
                with suppress(RuntimeError):  # the loop has ended without closing us: nobody waits
                    self._loop.call_soon_threadsafe(self._reached, sum(isinstance(each, _Draft) for each in group))

    def _next_group(self) -> list[_Draft | _Summary]:
        """Waits for one fact, then takes with it what has gathered: one fsync for all. A summary ends a group. Empty
        at the end."""
        group: list[_Draft | _Summary] = []
        draft = self._inbox.get()
        while draft is not None:
            group.append(draft)
            if isinstance(draft, _Summary) or len(group) >= LARGEST_GROUP or self._inbox.empty():
                return group
            draft = self._inbox.get()
        self._inbox.put(None)
        return group

    def _write(self, group: Sequence[_Draft | _Summary]) -> bool:
        """Writes, however often it takes: a full disk holds facts up in memory. False when the journal is given up."""
        while True:
            try:
                _append(self._database, group)
                self.hindrance.over(self.unwritten)
                return True
            except sqlite3.Error as error:
                self.hindrance.met(str(error), self.unwritten)
            if self._given_up.wait(RETRY_AFTER):
                return False

    def _reached(self, count: int) -> None:
        self._written += count
        ready = [done for number, done in self._waiting if number <= self._written and not done.done()]
        self._waiting = [each for each in self._waiting if each[0] > self._written]
        for done in ready:
            done.set_result(None)
        for listener in self._listeners:
            listener(self._written)


def read(file: Path, after: int, limit: int) -> list[Entry]:
    """Up to `limit` facts that follow a sequence; blocking, for a thread. Raises sqlite3.Error."""
    with closing(_open_to_read(file)) as database:
        rows = database.execute(
            "SELECT sequence, at, type, interaction_id, body FROM facts WHERE sequence > ? ORDER BY sequence LIMIT ?",
            (after, limit),
        ).fetchall()
        contents = _contents(database, rows[0][0], rows[-1][0]) if rows else {}
    return [
        Entry(sequence, at, type, interaction, _decoded(body), contents.get(sequence, {}))
        for sequence, at, type, interaction, body in rows
    ]


def summary(file: Path) -> tuple[int, bytes]:
    """What was kept last by `summarize`, and the number of the last fact that it takes in; 0 when none was. As
    `read`."""
    with closing(_open_to_read(file)) as database:
        row = database.execute("SELECT sequence, state FROM summary").fetchone()
    return (int(row[0]), bytes(row[1])) if row else (0, b"")


def contents(file: Path, facts: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """What can be erased of these facts, by their numbers and fields; `facts` has the interaction of each, and one of
    another is left out. As `read`."""
    found: dict[int, dict[str, Any]] = {}
    with closing(_open_to_read(file)) as database:
        for number, interaction in facts.items():
            if database.execute(
                "SELECT 1 FROM facts WHERE sequence = ? AND interaction_id = ?", (number, interaction)
            ).fetchone():
                found |= _contents(database, number, number)
    return found


def last(file: Path) -> int:
    """The number of the last fact, 0 without one. As `read`."""
    with closing(_open_to_read(file)) as database:
        return _last(database)


def identity(file: Path) -> str:
    """The journal's own id, made with its file: sequences mean something only together with it. As `read`."""
    with closing(_open_to_read(file)) as database:
        return str(database.execute("SELECT id FROM identity").fetchone()[0])


def _contents(database: sqlite3.Connection, first: int, last: int) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for sequence, field, value in database.execute(
        "SELECT sequence, field, value FROM contents WHERE sequence BETWEEN ? AND ?", (first, last)
    ):
        found.setdefault(sequence, {})[field] = _decoded(value)
    return found


def _open(file: Path) -> sqlite3.Connection:
    file.touch(0o600)  # before SQLite makes it for everybody to read, and its companions likewise
    database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(_SCHEMA)
    database.execute("INSERT INTO identity (id) SELECT ? WHERE NOT EXISTS (SELECT * FROM identity)", (new_id(),))
    return database


def _lock(file: Path) -> TextIO:
    file.touch(0o600)
    return file.open("a")


def _open_to_read(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _last(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT coalesce(max(sequence), 0) FROM facts").fetchone()[0])


def _draft(fact: Fact, at: str) -> _Draft:
    body = msgspec.to_builtins(fact)
    contents = tuple((field, _encoded(body.pop(field))) for field in fact.contents)
    return _Draft((at, body.pop("type"), body.pop("interaction_id"), _encoded(body)), contents)


def _append(database: sqlite3.Connection, group: Sequence[_Draft | _Summary]) -> None:
    with database:
        database.execute("BEGIN IMMEDIATE")
        drafts = [each for each in group if isinstance(each, _Draft)]
        numbered = list(enumerate(drafts, _last(database) + 1))
        database.executemany(
            "INSERT INTO facts (sequence, at, type, interaction_id, body) VALUES (?,?,?,?,?)",
            ((sequence, *draft.columns) for sequence, draft in numbered),
        )
        database.executemany(
            "INSERT INTO contents (sequence, field, value) VALUES (?,?,?)",
            ((sequence, *content) for sequence, draft in numbered for content in draft.contents),
        )
        for each in group:
            # Facts of somebody else in between would be missing in it.
            if isinstance(each, _Summary) and each.sequence == _last(database):
                database.execute("INSERT OR REPLACE INTO summary VALUES (1, ?, ?)", each)


def _encoded(value: Any) -> str:
    """As JSON; half a surrogate pair, which no file takes, becomes a question mark."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()


def _decoded(text: str) -> Any:
    """From JSON; what is none must not hold up what follows it."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {"unreadable": text}
