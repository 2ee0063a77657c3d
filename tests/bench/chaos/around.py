"""What a slice of rounds is made of: a center that is open, and everybody around it."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.home import state_home
from tests.bench.chaos.center import make
from tests.bench.chaos.load import Load
from tests.bench.chaos.people import People
from tests.bench.chaos.run import Size, Slice
from tests.bench.chaos.sound import Sound
from tests.bench.soak.center import PROJECT, OwnCenter
from tests.servers.postgresql import PostgreSQL
from tests.servers.postgresql import install as install_postgresql
from tests.servers.sipp import install as install_sipp


@dataclass(frozen=True, slots=True)
class Around:
    """What a slice is made of, on the event loop that it runs on."""

    center: OwnCenter
    size: Size
    database: PostgreSQL | None
    chance: random.Random

    def slice(self) -> Slice:
        """Everybody around a center that is open."""
        load = Load(self.center, install_sipp(self.center.instance.software), self.size.live + self.size.waiting)
        people = People(self.center, self.size.staff, self.size.talks, self.chance)
        sound = Sound(self.center, self.size.staff.studio)
        return Slice(self.center, self.size, load, people, sound, self.database, self.chance)


@contextmanager
def a_center(size: Size, with_database: bool, keep: bool) -> Iterator[tuple[OwnCenter, PostgreSQL | None]]:
    """A center that is open, on a PostgreSQL of its own if that is to be struck too."""
    with ExitStack() as stack:
        database = stack.enter_context(_a_database()) if with_database else None
        center = make(size.staff, database.url() if database else None)
        print(f"state in {center.instance.home}", flush=True)
        stack.callback(center.close, keep)
        center.open()
        yield center, database


@contextmanager
def _a_database() -> Iterator[PostgreSQL]:
    home = Path(tempfile.mkdtemp(prefix="throughline-chaos-database-"))
    home.chmod(0o755)
    server = PostgreSQL(install_postgresql(state_home(PROJECT, environment={}) / "software"), home)
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(home)
