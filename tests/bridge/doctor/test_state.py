"""The state directory: writable, roomy, entered by the servers, held by one run, and nobody else's."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from bridge.cli._place import alone
from bridge.doctor import state
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from tests.bridge.doctor.conftest import Look, knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


class Usage(NamedTuple):
    free: int


def test_a_writable_directory(patient: Patient) -> None:
    assert verdicts(state.directory(patient)) == [("directory", OK)]
    assert list(patient.place.instance.home.iterdir()) == []


def test_one_that_is_not_there_yet(look: Look, server_path: Path) -> None:
    patient = look(home=str(server_path / "a/b"))
    assert verdicts(state.directory(patient)) == [("directory", WARNING)]
    assert not (server_path / "a").exists()


def test_one_that_cannot_be_written(look: Look) -> None:
    (found,) = state.directory(look(home="/proc/throughline"))
    assert found.verdict is WRONG
    assert "set THROUGHLINE_HOME" in found.remedy


@pytest.mark.parametrize(("megabytes", "verdict"), [(150, WRONG), (500, WARNING), (5000, OK)])
def test_room(patient: Patient, megabytes: int, verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(megabytes * 1_000_000))
    (found,) = state.room(patient)
    assert found.verdict is verdict
    assert ("MB" in found.found) is (verdict is not OK)


def test_a_file_of_somebody_else(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdicts(state.ownership(patient)) == []
    us = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: us + 1)
    (found,) = state.ownership(patient)
    assert found.verdict is WARNING
    assert f"belongs to user {us}" in found.found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as another account")
def test_servers_that_cannot_enter(patient: Patient) -> None:
    assert verdicts(state.servers(patient)) == [("servers", OK)]
    patient.place.instance.home.chmod(0o700)
    assert verdicts(state.servers(patient)) == [("servers", WRONG)]


def test_servers_that_run_as_ourselves(patient: Patient) -> None:
    assert verdicts(state.servers(knows(patient, account=None))) == [("servers", OK)]


def test_who_runs(look: Look) -> None:
    assert verdicts(state.run(look())) == [("run", WARNING)]
    patient = look()
    with alone(patient.place):
        (found,) = state.run(patient)
        assert (found.verdict, str(os.getpid()) in found.found) == (OK, True)
        patient.place.instance.stopping.touch()
        assert verdicts(state.run(patient)) == [("run", WARNING)]


def test_an_installation_under_way_and_one_that_was_broken_off(patient: Patient) -> None:
    software = patient.place.instance.software
    software.mkdir()
    lock = software / "asterisk.lock"
    lock.touch()
    assert verdicts(state.installation(patient)) == []
    (software / "asterisk.partial").mkdir()
    (found,) = state.installation(patient)
    assert (found.verdict, "broken off" in found.found) == (WARNING, True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        (found,) = state.installation(patient)
    assert "being installed now" in found.found
