"""What all tests may ask for."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.home import state_home
from telephony.asterisk.install import AsteriskProgram, find_or_install
from tests.servers.postgresql import PostgreSQL, install

PROJECT = Path(__file__).parents[1]


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
def _server_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="throughline-") as folder:
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
    with _server_path() as folder:
        server = PostgreSQL(postgresql_programs, folder)
        server.make()
        server.start()
        yield server
        server.end()
