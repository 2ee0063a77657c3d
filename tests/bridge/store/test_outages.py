"""PostgreSQL is killed, locked, full or at odds with itself while facts come: afterwards the store holds each of them
once, and meanwhile the event loop was never held up."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.journal import Journal
from bridge.store.engine import open_store
from bridge.store.projector import Projector
from telephony.clock import SystemClock
from telephony.tasks import TaskSet
from tests.bridge.conftest import Logged
from tests.bridge.facts_of_calls import a_call
from tests.bridge.store.projecting import following, project, publish, rows
from tests.servers.postgresql import PostgreSQL

WITHIN = 30
FEWEST_BEATS = 10


class Eager(SystemClock):
    """Tries again soon."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / 20)


class Pulse:
    """Counts how often the event loop came to other work."""

    def __init__(self) -> None:
        self.beats = 0

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            self.beats += 1


@pytest.fixture
def own(postgresql_programs: Path, server_path: Path) -> Iterator[PostgreSQL]:
    """A server of a test's own, not started yet."""
    server = PostgreSQL(postgresql_programs, server_path)
    server.make()
    yield server
    server.end(signal.SIGQUIT)


@pytest.fixture
def url(postgresql: PostgreSQL) -> Iterator[str]:
    """An empty database of the server that all tests share."""
    with postgresql.database() as url:
        yield url


@pytest.fixture
async def pulse() -> AsyncIterator[Pulse]:
    """The pulse of the test's loop, which nothing has stopped in the end."""
    pulse, tasks = Pulse(), TaskSet("pulse")
    tasks.spawn(pulse.beat(), "beat")
    yield pulse
    await tasks.close()
    assert pulse.beats > FEWEST_BEATS


@asynccontextmanager
async def a_stream(journal: Journal) -> AsyncIterator[None]:
    """Facts of calls, as fast as a large center makes them."""

    async def stream() -> None:
        while True:
            for fact in a_call():
                journal.publish(fact)
            await asyncio.sleep(0.02)

    tasks = TaskSet("stream")
    tasks.spawn(stream(), "stream")
    yield
    await tasks.close()


def with_option(url: str, option: str) -> str:
    return f"{url}?options={quote(f'-c {option}')}"


def take_all(server: PostgreSQL, others: ExitStack) -> None:
    while True:
        others.enter_context(server.connect())


async def reached(projector: Projector, number: int) -> None:
    async with asyncio.timeout(WITHIN):
        while projector.reached < number:
            await asyncio.sleep(0.01)


async def holds_each_fact_once(projector: Projector, journal: Journal, file: Path, store: AsyncEngine) -> None:
    """The store is the same as one that is made of the whole journal at once."""
    await asyncio.wait_for(journal.durable(journal.last), WITHIN)
    await reached(projector, journal.last)
    reference = open_store(None, file.with_name("reference.sqlite"))
    await project(file, reference)
    assert await rows(store) == await rows(reference)
    assert projector.set_aside == 0
    await reference.dispose()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT, signal.SIGINT], ids=lambda each: each.name)
async def test_a_server_that_dies_under_a_stream_of_facts_gets_all_of_them_when_it_is_back(
    how: signal.Signals, own: PostgreSQL, journal: Journal, tmp_path: Path, logged: Logged, pulse: Pulse
) -> None:
    await asyncio.to_thread(own.start)
    store, file = open_store(own.url(), tmp_path), tmp_path / "journal.sqlite"
    async with following(file, store, Eager()) as projector:
        journal.on_durable(projector.notice)
        async with a_stream(journal):
            for _ in range(3):
                await reached(projector, journal.last + 100)
                logged.lines.clear()
                await asyncio.to_thread(own.end, how)
                await logged.has_come("store_not_reachable")
                await asyncio.to_thread(own.start)
                await logged.has_come("store_reached")
        await holds_each_fact_once(projector, journal, file, store)
    await store.dispose()


async def test_a_table_that_is_locked_for_long_is_waited_for_with_patience(
    url: str, journal: Journal, tmp_path: Path, logged: Logged, pulse: Pulse
) -> None:
    store, file = open_store(with_option(url, "statement_timeout=200"), tmp_path), tmp_path / "journal.sqlite"
    async with following(file, store, Eager()) as projector:
        journal.on_durable(projector.notice)
        async with a_stream(journal):
            await reached(projector, 100)
            async with await psycopg.AsyncConnection.connect(url) as other:
                await other.execute("LOCK TABLE facts IN ACCESS EXCLUSIVE MODE")
                await logged.has_come("store_not_reachable")
        await holds_each_fact_once(projector, journal, file, store)
    assert "statement timeout" in logged.of("store_not_reachable")[0]["reason"]
    await store.dispose()


async def test_a_server_that_takes_no_more_connections_gets_all_when_it_does_again(
    own: PostgreSQL, journal: Journal, tmp_path: Path, logged: Logged, pulse: Pulse
) -> None:
    await asyncio.to_thread(own.start, max_connections="8", superuser_reserved_connections="0")
    store, file = open_store(own.url(), tmp_path), tmp_path / "journal.sqlite"
    with ExitStack() as others:
        with pytest.raises(psycopg.OperationalError):
            take_all(own, others)
        async with following(file, store, Eager()) as projector:
            journal.on_durable(projector.notice)
            async with a_stream(journal):
                await logged.has_come("store_not_reachable")
                others.close()
                await reached(projector, 100)
            await holds_each_fact_once(projector, journal, file, store)
    assert "too many clients" in logged.of("store_not_reachable")[0]["reason"]
    await store.dispose()


async def test_a_deadlock_is_tried_again(
    url: str, journal: Journal, tmp_path: Path, logged: Logged, pulse: Pulse
) -> None:
    store, file = open_store(with_option(url, "deadlock_timeout=50"), tmp_path), tmp_path / "journal.sqlite"
    async with following(file, store, Eager()) as projector:
        journal.on_durable(projector.notice)
        await publish(journal, *a_call())
        await reached(projector, journal.last)
        async with await psycopg.AsyncConnection.connect(url) as other:
            await other.execute("LOCK TABLE contents IN EXCLUSIVE MODE")
            await publish(journal, *a_call())
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            while await (await other.execute(waiting)).fetchone() != (1,):
                await asyncio.sleep(0.01)
            await other.execute("UPDATE progress SET sequence = sequence")
        await logged.has_come("store_not_reachable")
        await holds_each_fact_once(projector, journal, file, store)
    assert "Deadlock" in logged.of("store_not_reachable")[0]["reason"]
    await store.dispose()


async def test_what_cannot_be_serialized_is_tried_again(
    url: str, journal: Journal, tmp_path: Path, logged: Logged, pulse: Pulse
) -> None:
    file = tmp_path / "journal.sqlite"
    url = with_option(url, "default_transaction_isolation=serializable")
    stores = [open_store(url, tmp_path) for _ in range(2)]
    async with following(file, stores[0], Eager()) as one, following(file, stores[1], Eager()) as other:
        for projector in (one, other):
            journal.on_durable(projector.notice)
        async with a_stream(journal):
            await logged.has_come("store_not_reachable")
        await holds_each_fact_once(one, journal, file, stores[0])
        assert other.set_aside == 0
    assert "Serialization" in logged.of("store_not_reachable")[0]["reason"]
    for store in stores:
        await store.dispose()


async def test_a_server_that_may_lose_what_it_has_committed_is_told_of(
    own: PostgreSQL, journal: Journal, tmp_path: Path, logged: Logged
) -> None:
    await asyncio.to_thread(own.start, fsync="off", synchronous_commit="off")
    store = open_store(own.url(), tmp_path)
    async with following(tmp_path / "journal.sqlite", store):
        await logged.has_come("store_may_lose_what_it_has_committed")
    (line,) = logged.of("store_may_lose_what_it_has_committed")
    assert line["switched_off"] == ["fsync", "synchronous_commit"]
    await store.dispose()
