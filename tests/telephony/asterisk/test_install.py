"""Which Asterisk is taken: the host's when complete and new enough, else Debian's."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from telephony.asterisk import install
from telephony.asterisk.apt import InstallError, Report
from telephony.asterisk.debian import Unpacked
from telephony.asterisk.install import PACKAGES, already_here, find_or_install, numbers, on_host, passed_over

SHARE = ("documentation/core-en_US.xml", "rest-api/events.json", "sounds/en_US_f_Allison/beep.wav")


def asterisk(prefix: Path, version: str) -> Path:
    """Make a tree like an installed Asterisk's, whose program only tells its version."""
    files = ["lib/x86_64-linux-gnu/asterisk/modules/res_ari.so", *(f"share/asterisk/{name}" for name in SHARE)]
    for file in ("sbin/asterisk", *files):
        (prefix / file).parent.mkdir(parents=True, exist_ok=True)
        (prefix / file).touch()
    (prefix / "sbin/asterisk").write_text(f"#!/bin/sh\necho Asterisk {version}\n")
    (prefix / "sbin/asterisk").chmod(0o755)
    return prefix


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("22.10.1", (22, 10, 1)),
        ("Asterisk 23.0.0", (23, 0, 0)),
        ("22.10.1~dfsg+~cs6.15.60671435-1", (22, 10, 1)),
        ("1:22.10.1+dfsg+~cs6.17.60671434-1", (22, 10, 1)),
        ("20.6.0~dfsg+~cs6.13.40431414-2build5", (20, 6, 0)),
        ("22.10.1-rc1", None),
        ("22.10.1~rc2+dfsg", None),
        ("GIT-22-7f2c1e", None),
        ("certified-20.7-cert2", None),
        ("", None),
    ],
)
def test_versions(version: str, expected: tuple[int, int, int] | None) -> None:
    assert numbers(version) == expected


def test_the_hosts_own_is_taken_when_new_enough(tmp_path: Path) -> None:
    usr = asterisk(tmp_path / "usr", "22.10.1+dfsg")
    (usr / "share/asterisk/sounds/en").symlink_to("en_US_f_Allison")
    program = on_host(str(usr / "sbin"))
    assert program is not None
    assert program.version == "22.10.1+dfsg"
    assert program.command == (str(usr / "sbin/asterisk"),)
    assert program.modules == usr / "lib/x86_64-linux-gnu/asterisk/modules"
    assert program.data == usr / "share/asterisk"


@pytest.mark.parametrize("version", ["20.6.0", "22.10.0", "22.10.1-rc1", ""])
def test_an_older_one_is_passed_over(tmp_path: Path, version: str) -> None:
    usr = asterisk(tmp_path / "usr", version)
    (usr / "share/asterisk/sounds/en").symlink_to("en_US_f_Allison")
    assert on_host(str(usr / "sbin")) is None


def test_one_that_could_not_speak_is_passed_over(tmp_path: Path) -> None:
    usr = asterisk(tmp_path / "usr", "22.10.1")
    assert on_host(str(usr / "sbin")) is None


def test_a_machine_without_one(tmp_path: Path) -> None:
    assert on_host(str(tmp_path)) is None


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No Asterisk on the host, and a Debian that has the version in this list."""
    versions = ["22.10.1+dfsg"]

    def unpack(packages: Sequence[str], into: Path, report: Report) -> Unpacked:
        asterisk(into / "root/usr", versions[0])
        return Unpacked(into / "root")

    monkeypatch.setattr(install, "on_host", lambda: None)
    monkeypatch.setattr(install, "unpack", unpack)
    return versions


def test_debians_is_made_to_speak_english(debian: list[str], tmp_path: Path) -> None:
    told: list[str] = []
    program = find_or_install(tmp_path, told.append)
    assert (program.data / "sounds/en/beep.wav").exists()
    assert "nothing on this machine is changed" in told[0]
    assert find_or_install(tmp_path, told.append) == program
    assert len(told) == 1


def test_a_debian_that_is_too_old_is_an_error_for_a_person(debian: list[str], tmp_path: Path) -> None:
    debian[0] = "20.6.0~dfsg"
    with pytest.raises(InstallError, match=r"22\.10\.1 or newer"):
        find_or_install(tmp_path, print)


def test_nothing_is_installed_for_whoever_only_looks(debian: list[str], tmp_path: Path) -> None:
    assert already_here(tmp_path) is None
    program = find_or_install(tmp_path, print)
    assert already_here(tmp_path) is None
    (tmp_path / "asterisk/packages.lock").write_text("".join(f"{name} 1 hash\n" for name in PACKAGES))
    assert already_here(tmp_path) == program
    Path(program.command[0]).unlink()
    with pytest.raises(InstallError, match="asterisk is not in"):
        already_here(tmp_path)


def test_why_the_hosts_own_is_passed_over_is_said(tmp_path: Path) -> None:
    usr = asterisk(tmp_path / "usr", "20.6.0")
    assert passed_over(str(tmp_path)) is None
    assert passed_over(str(usr / "sbin")) == f"{usr}/sbin/asterisk is Asterisk 20.6.0, and 22.10.1 or newer is needed"
    asterisk(usr, "22.10.1")
    assert passed_over(str(usr / "sbin")) == f"{usr}/sbin/asterisk lacks modules, documentation or sounds"
    (usr / "share/asterisk/sounds/en").symlink_to("en_US_f_Allison")
    assert passed_over(str(usr / "sbin")) is None
