"""Whatever a check does, there is a finding of it in time."""

import threading
from collections.abc import Iterator

import pytest

from bridge.doctor.examination import FOREIGN, NETWORK, ORDINARY, OUTSIDE, Check, checks_for, examine
from bridge.doctor.finding import Area, Finding, Verdict
from bridge.doctor.patient import Patient
from config.settings import SettingsError
from telephony.asterisk.errors import Disconnected
from tests.bridge.doctor.conftest import Look, knows

AREA = Area("test")


def fine(_: Patient) -> Iterator[Finding]:
    yield AREA.ok("first", "fine")
    yield AREA.warning("second", "so so", "Look.")


def raising(error: BaseException) -> Check:
    def a_check(_: Patient) -> Iterator[Finding]:
        yield AREA.ok("before", "fine")
        raise error

    return a_check


def test_findings_keep_the_order_of_their_checks(patient: Patient) -> None:
    found = examine(patient, (fine, fine))
    assert [each.what for each in found.findings] == ["first", "second"] * 2
    assert (found.count(Verdict.WARNING), found.count(Verdict.WRONG), found.overdue) == (2, 0, False)


def test_a_check_that_hangs_is_a_finding_and_holds_up_no_other(patient: Patient) -> None:
    released = threading.Event()

    def hangs(_: Patient) -> Iterator[Finding]:
        released.wait()
        return iter(())

    found = examine(patient, (hangs, fine), within=0.2)
    released.set()
    late, *others = found.findings
    assert found.overdue
    assert (late.what, late.verdict, late.found) == ("hangs", Verdict.WRONG, "gave no answer within 0.2 s")
    assert len(others) == 2


@pytest.mark.parametrize(
    ("error", "found", "remedy"),
    [
        (ValueError("odd"), "ValueError: odd", "our fault"),
        (SystemExit(3), "SystemExit: 3", "our fault"),
        (SettingsError("THROUGHLINE_SIP is odd."), "THROUGHLINE_SIP is odd.", "Correct"),
        (Disconnected("GET x"), "cannot be told: GET x", "doors"),
        (PermissionError(13, "Permission denied", "/x"), "/x: Permission denied", "Ask as the user"),
    ],
)
def test_a_check_that_breaks_is_a_finding(patient: Patient, error: BaseException, found: str, remedy: str) -> None:
    (broken,) = examine(patient, (raising(error),)).findings
    assert (broken.area, broken.what, broken.verdict) == ("test_examination", "a check", Verdict.WRONG)
    assert broken.found == found
    assert remedy in broken.remedy


def test_of_somebody_elses_state_only_its_outside_is_told(look: Look, patient: Patient) -> None:
    assert checks_for(patient, others=False) == ORDINARY
    assert checks_for(patient, others=True) == (*ORDINARY, *NETWORK)
    assert checks_for(knows(look(), open=False), others=True) == OUTSIDE


def test_every_check_stands_once(patient: Patient) -> None:
    checks = (*ORDINARY, *NETWORK)
    assert len(set(checks)) == len(checks)
    assert set(FOREIGN) <= set(ORDINARY)


def test_one_that_never_ran_is_examined_without_anything_wrong_in_its_state(patient: Patient) -> None:
    found = examine(patient, (*ORDINARY, *NETWORK), within=20)
    wrong = [each for each in found.findings if each.verdict is Verdict.WRONG and each.area in ("state", "store")]
    assert not wrong
    assert not [each for each in found.findings if "our fault" in each.remedy]
    assert list(patient.place.instance.home.iterdir()) == []
