"""What all tests may ask for."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from config.home import state_home
from telephony.asterisk.install import AsteriskProgram, find_or_install
from tests.servers.postgresql import PostgreSQL, install
from tests.workers import REAL, Schedule, company, of_the_whole_suite

PROJECT = Path(__file__).parents[1]
MEMORY, ROOM = Path("/dev/shm"), 2**30

# Tests start our programs hundreds of times: what they are compiled to is kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A shell that starts us in the background lets us, and all that we start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes run the tests."""
    return of_the_whole_suite(config)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Schedule:
    """Which process runs what."""
    return Schedule(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda each: company(each.nodeid) != REAL)


@pytest.fixture(scope="session")
def software() -> Path:
    """Where programs are unpacked, once for all test runs; `make run` uses the same."""
    return state_home(PROJECT, environment={}) / "software"


@pytest.fixture(scope="session")
def asterisk_program(software: Path) -> AsteriskProgram:
    """The Asterisk that `make run` would use."""
    return find_or_install(software, report=print)


@pytest.fixture
def server_path() -> Iterator[Path]:
    """A tmp_path that the servers' account can enter, also when the tests run as root; short enough for sockets."""
    with _server_path() as path:
        yield path


@pytest.fixture(scope="module")
def module_server_path() -> Iterator[Path]:
    """The same for all tests of a module."""
    with _server_path() as path:
        yield path


@contextmanager
def _server_path(within: Path | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="throughline-", dir=within) as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def postgresql_programs(software: Path) -> Path:
    """PostgreSQL's programs, fetched at first use."""
    return install(software)


@pytest.fixture(scope="session")
def postgresql(postgresql_programs: Path) -> Iterator[PostgreSQL]:
    """A server for all tests that leave it as it was; each makes a database of its own."""
    with _server_path(_in_memory()) as folder:
        server = PostgreSQL(postgresql_programs, folder)
        server.make()
        server.start()
        yield server
        server.end()


def _in_memory() -> Path | None:
    """A disk that syncs for nothing, where there is one: databases are made and dropped there by the hundreds."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
