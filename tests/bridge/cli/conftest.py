"""The command line, as a person uses it: on a state directory and a center of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bridge.cli import app
from tests.config.conftest import copy_shipped

Throughline = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state directory, still empty, which the commands use."""
    for name in ("CENTER", "DATABASE", "SIP", "HTTP", "RTP"):
        monkeypatch.delenv(f"THROUGHLINE_{name}", raising=False)
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def center(home: Path) -> Path:
    """The center in the state directory: the shipped one, which a test may spoil."""
    return copy_shipped(home / "center")


@pytest.fixture
def throughline(home: Path) -> Throughline:
    """Runs a command: throughline("sip", "ana", THROUGHLINE_SIP="127.0.0.1:5061"); `typed` is what it is told."""

    def run(*words: str, typed: str = "", **environment: str) -> Result:
        return CliRunner().invoke(app, words, input=typed, env=environment)

    return run
