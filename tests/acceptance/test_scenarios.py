"""The scenarios that suit it, with a real Asterisk, real softphones, and what they recorded."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from telephony.asterisk.install import AsteriskProgram
from tests.acceptance.conftest import Throughline, make
from tests.playbook import center as test_center
from tests.playbook.real_stage import perform_for_real
from tests.playbook.registry import Scenario, scenarios


@pytest.fixture(scope="module")
def stage(asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """The center of the scenarios, open for all of them."""
    home = Path(tempfile.mkdtemp(prefix="throughline-"))
    home.chmod(0o755)
    running = make(home, asterisk_program)
    shutil.rmtree(home / "center")
    test_center.build(home / "center")
    try:
        running.run()
        yield running
    finally:
        running.stop()
        shutil.rmtree(home)


@pytest.mark.parametrize("scenario", [each for each in scenarios() if each.real], ids=lambda each: each.name)
async def test_scenario(scenario: Scenario, stage: Throughline, tmp_path: Path) -> None:
    await perform_for_real(scenario.act, stage, tmp_path)
