"""Every scenario, with a fake Asterisk and on virtual time."""

from pathlib import Path

import pytest

from tests.playbook import center as test_center
from tests.playbook.fake_stage import perform
from tests.playbook.registry import Scenario, scenarios


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the center that scenarios play in."""
    return test_center.build(tmp_path_factory.mktemp("playbook") / "center")


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda each: each.name)
def test_scenario(scenario: Scenario, center: Path) -> None:
    perform(scenario.act, center)
