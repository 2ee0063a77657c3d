"""What the fake stage keeps in files: a store in which the tables are there already, filled once everybody has gone,
and a journal that may lack its end."""

import asyncio
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.store.engine import open_store
from bridge.store.projector import Projector
from bridge.store.schema import make_tables
from config.instance import Instance
from telephony.tasks import TaskSet
from tests.fakes.clock import VirtualClock


@cache
def empty_store() -> bytes:
    """A store without a fact, as a file; to be made before there is an event loop."""
    with TemporaryDirectory(prefix="store-") as folder:
        file = Path(folder) / "store"
        asyncio.run(_make(file))
        return file.read_bytes()


async def project(home: Path) -> int:
    """Fills a store with the facts of a journal; returns how many it refused. Needs real time."""
    instance = Instance(home)
    instance.store.write_bytes(empty_store())
    engine = open_store(None, instance.store)
    projector, tasks = Projector(instance.journal, engine, VirtualClock()), TaskSet("store")
    running = tasks.spawn(projector.run(), "project")
    await projector.caught_up()
    projector.stop()
    await running
    await engine.dispose()
    return projector.set_aside


def shorten(journal: Path, last: int) -> None:
    """Takes from a journal what follows a fact, as if it had never been on disk."""
    with closing(sqlite3.connect(journal)) as database, database:
        for table in ("facts", "contents", "summary"):
            database.execute(f"DELETE FROM {table} WHERE sequence > ?", (last,))


async def _make(file: Path) -> None:
    engine = open_store(None, file)
    await make_tables(engine)
    await engine.dispose()
