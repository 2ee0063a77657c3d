"""The connection to the store's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bridge.store import postgresql
from config.settings import SettingsError

_DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


def open_store(url: str | None, file: Path) -> AsyncEngine:
    """An engine for a database URL, or for a SQLite file, made when it is missing, when no URL is given.

    Connects to nothing yet. Raises SettingsError for a URL that leads nowhere."""
    engine = _engine(_address(url, file))
    if engine.dialect.name == "sqlite" and engine.url.database:
        _SqliteFile(Path(engine.url.database)).listen(engine)
    return engine


def away(error: Exception) -> str:
    """That a database does not answer, in words for whoever asked it."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    return f"The database does not answer: {reason[0]}. Calls go on, and it is brought up to date once it is back."


class StoreAway(Exception):
    """The database does not answer, in words."""


@contextmanager
def asked() -> Iterator[None]:
    """Has what a database fails at raised as StoreAway."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreAway(away(error)) from error


def open_to_read(url: str | None, file: Path) -> AsyncEngine:
    """As `open_store`, for somebody who only looks: SQLite's file is neither made nor changed.

    Connecting raises FileNotFoundError where there is none."""
    address = _address(url, file)
    if address.get_backend_name() != "sqlite":
        return _engine(address)
    there = Path(address.database or "").absolute()
    engine = _engine(address.set(database=there.as_uri(), query={"mode": "ro", "uri": "true"}))

    def require(*_: object) -> None:
        there.stat()

    event.listen(engine.sync_engine, "do_connect", require)
    return engine


def _address(url: str | None, file: Path) -> URL:
    if not url:
        return URL.create(_DRIVERS["sqlite"], database=str(file))
    with _told():
        address = make_url(url)
    return address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))


def _engine(address: URL) -> AsyncEngine:
    """Parameters are hidden because errors are logged, and customers' contents are among them."""
    with _told():
        if address.get_backend_name() == "postgresql":
            return postgresql.connector(address, hide_parameters=True)
        return create_async_engine(address, hide_parameters=True)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise SettingsError(f"THROUGHLINE_DATABASE cannot be used: {error}.") from error


class _SqliteFile:
    """What SQLite's file needs besides a connection. All in it can be projected again, so it need not be fsynced at
    each commit; and as it may be deleted or replaced at any time, connections do not outlive it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def listen(self, engine: AsyncEngine) -> None:
        event.listen(engine.sync_engine, "do_connect", self._make)
        event.listen(engine.sync_engine, "connect", self._prepare)
        event.listen(engine.sync_engine, "checkout", self._check)

    def _make(self, *_: object) -> None:
        self._file.touch(0o600)  # before SQLite makes it for everybody to read

    def _prepare(self, connection: Any, record: Any) -> None:
        record.info["inode"] = self._inode()
        for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    def _check(self, _connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["inode"] != self._inode():
            raise DisconnectionError("the store's file is not the one that was connected to")

    def _inode(self) -> int | None:
        try:
            return self._file.stat().st_ino
        except FileNotFoundError:
            return None
