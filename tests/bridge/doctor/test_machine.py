"""The machine: Debian 12 is what we try; a clock that was set back is wrong."""

import platform
from datetime import timedelta

import pytest

from bridge.doctor.finding import Verdict
from bridge.doctor.machine import clock, python, release
from bridge.doctor.patient import Patient
from telephony.clock import SystemClock
from tests.bridge.doctor.conftest import knows, verdicts


def test_its_python_is_told(patient: Patient) -> None:
    (finding,) = python(patient)
    assert platform.python_version() in finding.found


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ({"ID": "debian", "VERSION_ID": "12", "PRETTY_NAME": "Debian GNU/Linux 12"}, Verdict.OK),
        ({"ID": "debian", "VERSION_ID": "13"}, Verdict.WARNING),
        ({}, Verdict.WARNING),
    ],
)
def test_another_system_is_a_warning(
    patient: Patient, known: dict[str, str], verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: known)
    assert verdicts(release(patient)) == [("system", verdict)]


def test_a_system_that_does_not_say_what_it_is(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> dict[str, str]:
        raise FileNotFoundError

    monkeypatch.setattr(platform, "freedesktop_os_release", unknown)
    assert verdicts(release(patient)) == [("system", Verdict.WARNING)]


@pytest.mark.parametrize(("ahead", "verdict"), [(-3600, Verdict.OK), (1, Verdict.OK), (3600, Verdict.WRONG)])
def test_a_fact_from_the_future_says_that_the_clock_was_set_back(
    patient: Patient, ahead: int, verdict: Verdict
) -> None:
    at = SystemClock().now() + timedelta(seconds=ahead)
    assert verdicts(clock(knows(patient, newest=(7, at.isoformat())))) == [("clock", verdict)]


def test_without_facts_there_is_nothing_to_compare_with(patient: Patient) -> None:
    assert verdicts(clock(patient)) == [("clock", Verdict.OK)]
