"""What all tests may ask for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.home import state_home
from telephony.asterisk.install import AsteriskProgram, find_or_install

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
    with tempfile.TemporaryDirectory(prefix="throughline-") as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path
