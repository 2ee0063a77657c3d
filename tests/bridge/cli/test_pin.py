"""`throughline pin` prints an agent's PIN: the same each time, and nobody else's."""

from pathlib import Path

import pytest

from config.secrets import master_key
from tests.bridge.cli.conftest import Throughline


@pytest.fixture
def started(home: Path, center: Path) -> None:
    """Throughline has run here once."""
    master_key(home / "master.key")


@pytest.mark.usefixtures("started")
def test_it_is_six_digits_that_stay_and_are_her_own(throughline: Throughline) -> None:
    first, again, other = (throughline("pin", agent).stdout.strip() for agent in ("ana", "ana", "bruno"))
    assert first == again != other
    assert (len(first), first.isdecimal()) == (6, True)


@pytest.mark.usefixtures("started")
def test_an_agent_whom_nobody_knows_has_none(throughline: Throughline) -> None:
    done = throughline("pin", "anna")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "There is no agent anna. Did you mean `ana`?" in done.stderr
