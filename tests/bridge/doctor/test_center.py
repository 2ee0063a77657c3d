"""The center's files: right, applied, in agreement with the settings, and readable by whoever plays them."""

import os
from pathlib import Path

import pytest

from bridge.cli._place import revisions
from bridge.doctor import center as area
from bridge.doctor.finding import Verdict
from bridge.status import Status
from config.loader import load
from tests.bridge.doctor.conftest import Look, knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


def test_one_that_is_not_there(look: Look) -> None:
    assert verdicts(area.files(look())) == [("files", WARNING)]
    assert verdicts(area.files(look(center="/nowhere"))) == [("files", WRONG)]


def test_one_with_a_fault(look: Look, center: Path) -> None:
    (center / "queues.yaml").write_text("sales: {title: 7}\n")
    (found,) = area.files(look())
    assert found.verdict is WRONG
    assert "`throughline check`" in found.remedy


def test_one_that_was_never_applied(look: Look, center: Path) -> None:
    assert verdicts(area.files(look())) == [("files", OK), ("applied", OK)]


def test_edits_that_are_not_applied_are_drift(look: Look, center: Path) -> None:
    patient = look()
    kept, first = revisions(patient.place), load(center)
    kept.keep(first)
    kept.make_current(first.revision)
    assert verdicts(area.files(patient)) == [("files", OK), ("applied", OK)]
    (center / "center.yaml").write_text((center / "center.yaml").read_text() + "# edited\n")
    _, found = area.files(look())
    assert (found.verdict, first.revision in found.found, found.remedy) == (WARNING, True, "`throughline apply`.")


def test_what_the_controller_says_counts_more_than_what_is_kept(look: Look, center: Path) -> None:
    status = Status("another", True, True, {}, {}, 0, 0, 0, {})
    *_, found = area.files(knows(look(), asked=status))
    assert (found.verdict, "another" in found.found) == (WARNING, True)


def test_settings_that_contradict_the_center(look: Look, center: Path) -> None:
    assert verdicts(area.settings(look())) == [("reach", OK)]
    (found,) = area.settings(look(sip="0.0.0.0:5060"))
    assert (found.verdict, "network: loopback" in found.found) == (WRONG, True)


def test_sounds_that_everybody_can_read(look: Look, center: Path) -> None:
    assert verdicts(area.sounds(look())) == [("sounds", OK)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as another account")
@pytest.mark.parametrize("closed", ["prompts/en/welcome.wav", "prompts/en"])
def test_a_sound_that_asterisk_cannot_read(look: Look, center: Path, closed: str) -> None:
    (center / closed).chmod(0o600)
    (found,) = area.sounds(look())
    assert found.verdict is WRONG
    assert closed in found.found
