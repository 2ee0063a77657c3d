"""A foreign Asterisk is asked whether it is new enough and lets us act; how it is mended is said in its own lines."""

import os
from pathlib import Path

import pytest

from bridge.doctor import foreign
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from config.home import Account
from config.rendering import MODULES
from tests.bridge.doctor.answering import Answering
from tests.bridge.doctor.conftest import Look, knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG
VERSION = "GET asterisk/info"
NOBODY = "DELETE channels/throughline-doctor"


@pytest.fixture
def patient(look: Look, asterisk: Answering, center: Path) -> Patient:
    """One that uses the Asterisk that only answers."""
    return look(
        asterisk=f"http://ann:sesame@127.0.0.1:{asterisk.ari_port},ami://bob:sesame@127.0.0.1:{asterisk.ami_port}"
    )


@pytest.mark.parametrize(
    ("version", "verdict"),
    [("22.10.1+dfsg", OK), ("23.0.0", OK), ("20.6.0", WRONG), ("22.10.1-rc1", WRONG), ("GIT-master", WRONG)],
)
def test_its_version(patient: Patient, asterisk: Answering, version: str, verdict: Verdict) -> None:
    asterisk.ari[VERSION] = (200, {"system": {"version": version}})
    (found,) = foreign.version(patient)
    assert found.verdict is verdict
    assert ("is too old: 22.10.1 or newer is needed" in found.found) is (verdict is WRONG)


def test_one_that_does_not_let_us_in(patient: Patient, asterisk: Answering) -> None:
    asterisk.ari[VERSION] = (401, {"message": "Unauthorized"})
    (found,) = foreign.version(patient)
    assert found.verdict is WRONG
    assert "does not let us in" in found.found
    assert "sesame" not in found.found + found.remedy


def test_one_that_is_not_there(look: Look) -> None:
    patient = look(asterisk="http://ann:sesame@127.0.0.1:1,ami://bob:sesame@127.0.0.1:1")
    for check in (foreign.version, foreign.rights, foreign.manager, foreign.modules):
        (found,) = check(patient)
        assert found.verdict is WRONG
        assert "sesame" not in found.found + found.remedy


@pytest.mark.parametrize(("status", "verdict"), [(404, OK), (403, WRONG)])
def test_our_user_may_act(patient: Patient, asterisk: Answering, status: int, verdict: Verdict) -> None:
    asterisk.ari[NOBODY] = (status, {"message": "x"})
    assert verdicts(foreign.rights(patient)) == [("ARI user", verdict)]


def test_our_manager_may_ask(patient: Patient, asterisk: Answering) -> None:
    asterisk.says("ListCommands", "\r\n".join(f"{action}: x" for action in foreign.ACTIONS))
    assert verdicts(foreign.manager(patient)) == [("AMI user", OK)]
    asterisk.says("ListCommands", "DBGet: x")
    (found,) = foreign.manager(patient)
    assert found.verdict is WRONG
    assert "PJSIPShowContacts" in found.found
    assert "DBGet" not in found.found


def test_its_modules(patient: Patient, asterisk: Answering) -> None:
    shown = [{"name": f"{name}.so", "status": "Running"} for name in MODULES]
    asterisk.ari["GET asterisk/modules"] = (200, shown)
    assert verdicts(foreign.modules(patient)) == [("modules", OK)]
    asterisk.ari["GET asterisk/modules"] = (200, shown[1:])
    (found,) = foreign.modules(patient)
    assert found.remedy.endswith(f"\nload = {MODULES[0]}.so")


def test_whether_it_can_read_our_prompts(patient: Patient) -> None:
    (found,) = foreign.prompts(patient)
    assert f"its user {os.geteuid()}" in found.found


def test_prompts_that_it_cannot_read(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "_account", lambda _: Account(4711, -1))
    patient.place.instance.home.chmod(0o700)
    assert verdicts(foreign.prompts(patient)) == [("prompts", WRONG)]


def test_one_on_another_machine_reads_what_we_cannot_see(look: Look, center: Path) -> None:
    patient = look(asterisk="http://a:b@192.0.2.1,ami://a:b@192.0.2.1")
    assert verdicts(foreign.prompts(patient)) == [("prompts", WARNING)]


def test_our_own_asterisk_is_looked_at_elsewhere(look: Look) -> None:
    own = knows(look(), doors=None)
    assert not [finding for check in foreign.CHECKS for finding in check(own)]
