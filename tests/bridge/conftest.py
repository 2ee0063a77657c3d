"""A journal and a store, real ones, in a folder of the test's own; and what is logged meanwhile."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.journal import Journal
from bridge.store.engine import open_store
from telephony.clock import SystemClock
from tests.servers.postgresql import PostgreSQL

Databases = Callable[[], AbstractContextManager[str]]


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    """A new journal in `tmp_path`/journal.sqlite."""
    journal = Journal(tmp_path / "journal.sqlite", SystemClock())
    yield journal
    await journal.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes empty databases, of each kind in turn; each is there as long as its context lasts."""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        return server.database
    return lambda: nullcontext(f"sqlite:///{tmp_path_factory.mktemp('store')}/throughline.sqlite")


@pytest.fixture
def store_url(databases: Databases) -> Iterator[str]:
    """The URL of an empty database, of each kind in turn."""
    with databases() as url:
        yield url


@pytest.fixture
async def store(store_url: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A store in each kind of database, not made yet."""
    engine = open_store(store_url, tmp_path / "unused.sqlite")
    yield engine
    await engine.dispose()


@pytest.fixture
async def sqlite_store(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A store in `tmp_path`/throughline.sqlite, not made yet."""
    engine = open_store(None, tmp_path / "throughline.sqlite")
    yield engine
    await engine.dispose()


class Logged:
    """What was logged, from whichever thread; `has_come` waits for an event of that name, at most 5 seconds."""

    def __init__(self) -> None:
        self.lines: list[MutableMapping[str, Any]] = []
        self._news = threading.Condition()

    def __call__(self, _logger: object, _method: str, line: MutableMapping[str, Any]) -> NoReturn:
        with self._news:
            self.lines.append(line)
            self._news.notify_all()
        raise structlog.DropEvent

    def of(self, event: str) -> list[MutableMapping[str, Any]]:
        return [line for line in self.lines if line["event"] == event]

    async def has_come(self, event: str) -> None:
        assert await asyncio.to_thread(self._wait, event), f"{event} was not logged, only {self.lines}"

    def _wait(self, event: str) -> bool:
        with self._news:
            return self._news.wait_for(lambda: bool(self.of(event)), timeout=5)


@pytest.fixture
def logged() -> Iterator[Logged]:
    """The log, kept instead of shown."""
    kept = Logged()
    structlog.configure(processors=[kept])
    yield kept
    structlog.reset_defaults()
