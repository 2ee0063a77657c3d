"""Our own Asterisk: there or obtainable, whole, running, with all modules, configured as the center says."""

import shutil
from pathlib import Path

import pytest

from bridge.doctor import asterisk as area
from bridge.doctor.asterisk import configuration, missing_modules, modules, process, program
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.pbx import doors, rendering
from config.rendering import MODULES
from telephony.asterisk.apt import InstallError
from telephony.asterisk.install import PACKAGES, AsteriskProgram
from telephony.asterisk.process import NotAnswering
from tests.bridge.doctor.answering import Answering
from tests.bridge.doctor.conftest import Look, doors_of, knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


@pytest.fixture(autouse=True)
def _no_asterisk_on_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area, "passed_over", lambda: None)
    monkeypatch.setattr("telephony.asterisk.install.on_host", lambda: None)


def whole(folder: Path, *missing: str) -> AsteriskProgram:
    """A program with all modules but some."""
    folder.mkdir()
    for name in set(MODULES) - set(missing):
        (folder / f"{name}.so").touch()
    return AsteriskProgram(("loader", "asterisk"), "22.10.1", folder, folder)


class Process:
    """An Asterisk that has come up, or says why not."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault

    def wait_booted(self, _: float) -> None:
        if self.fault:
            raise NotAnswering(self.fault)


def test_a_whole_one(patient: Patient, server_path: Path) -> None:
    assert verdicts(program(knows(patient, program=whole(server_path / "m")))) == [("program", OK)]


def test_one_whose_modules_are_gone(patient: Patient, server_path: Path) -> None:
    *_, found = program(knows(patient, program=whole(server_path / "m", "res_ari")))
    assert (found.verdict, found.found) == (WRONG, "lacks the modules res_ari")


def test_the_hosts_own_that_is_too_old_is_told(
    patient: Patient, server_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area, "passed_over", lambda: "it is too old")
    found, _ = program(knows(patient, program=whole(server_path / "m")))
    assert (found.verdict, found.found) == (OK, "is not used: it is too old")


def test_one_that_is_not_there_yet_can_be_fetched(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(area, "KEYRING", Path(__file__))
    monkeypatch.setattr(area, "debian_mirror", lambda: "http://mirror")
    (found,) = program(patient)
    assert found.verdict is WARNING
    assert "http://mirror" in found.found
    monkeypatch.setattr(area, "debian_mirror", lambda: None)
    assert verdicts(program(patient)) == [("program", WRONG)]
    monkeypatch.setattr(area, "KEYRING", Path("/nowhere"))
    assert verdicts(program(patient)) == [("program", WRONG)]
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    (found,) = program(patient)
    assert "has no apt-get and no apt-config and no dpkg-deb" in found.found


def test_one_that_is_half_there(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    into = patient.place.instance.software / "asterisk"
    into.mkdir(parents=True)
    (found,) = program(patient)
    assert (found.verdict, "is not whole" in found.found) == (WRONG, True)


def test_one_whose_program_is_gone(patient: Patient) -> None:
    into = patient.place.instance.software / "asterisk"
    into.mkdir(parents=True)
    (into / "packages.lock").write_text("".join(f"{name} 1 hash\n" for name in PACKAGES))
    (found,) = program(patient)
    assert (found.verdict, "asterisk is not in" in found.found) == (WRONG, True)
    with pytest.raises(InstallError):
        assert patient.program


@pytest.mark.parametrize(
    ("pid", "runner", "fault", "expected"),
    [
        (7, 8, "", [OK]),
        (7, 8, "It hangs.", [WRONG]),
        (7, None, "", [WRONG, OK]),
        (None, 8, "", [WRONG]),
        (None, None, "", []),
    ],
)
def test_its_process(
    patient: Patient, pid: int | None, runner: int | None, fault: str, expected: list[Verdict]
) -> None:
    known = knows(patient, pbx=Process(fault), pid=pid, runner=runner)
    assert [verdict for _, verdict in verdicts(process(known))] == expected


def test_its_modules(patient: Patient, asterisk: Answering) -> None:
    shown = [{"name": f"{name}.so", "status": "Running"} for name in MODULES]
    asterisk.ari["GET asterisk/modules"] = (200, shown)
    living = knows(patient, pid=1, doors=doors_of(asterisk))
    assert verdicts(modules(living)) == [("modules", OK)]
    shown[0]["status"] = "Not Running"
    (found,) = modules(living)
    assert (found.verdict, MODULES[0] in found.found) == (WRONG, True)
    assert missing_modules(shown[2:]) == list(MODULES[:2])


def test_its_configuration(look: Look, center: Path, server_path: Path) -> None:
    patient = look()
    place = patient.place
    doors(place.instance)
    known = knows(patient, program=whole(server_path / "m"))
    assert verdicts(configuration(known)) == []
    assert patient.center
    assert patient.program
    rendering(place.settings, place.instance, patient.center, patient.program).write()
    assert verdicts(configuration(known)) == [("configuration", OK)]
    etc = place.instance.asterisk / "etc"
    (etc / "http.conf").write_text("[general]\n")
    (etc / "rtp.conf").unlink()
    (found,) = configuration(known)
    assert found.verdict is WARNING
    assert "http.conf, rtp.conf" in found.found


def test_a_foreign_asterisk_is_looked_at_elsewhere(look: Look) -> None:
    patient = look(asterisk="http://a:b@h,ami://a:b@h")
    assert not [finding for check in area.CHECKS for finding in check(patient)]
