"""The host's Debian mirror is found in both formats of apt sources."""

import platform
from pathlib import Path

import pytest

from telephony.asterisk.mirror import debian_mirror

DEB822 = """\
# made by the installer
Types: deb deb-src
# a note
URIs: http://mirror.example/debian http://second.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
"""


@pytest.fixture(autouse=True)
def bookworm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"VERSION_CODENAME": "bookworm"})


@pytest.fixture
def apt(tmp_path: Path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_the_new_format(apt: Path) -> None:
    (apt / "sources.list.d/debian.sources").write_text(DEB822)
    assert debian_mirror(apt) == "http://mirror.example/debian"


@pytest.mark.parametrize(
    "line",
    [
        "deb http://mirror.example/debian bookworm main",
        "deb http://mirror.example/debian/ bookworm main non-free-firmware",
        "  deb\t[arch=amd64 signed-by=/x/debian-archive-keyring.gpg]  http://mirror.example/debian stable main",
        "deb cdrom:[Debian 12]/ bookworm main\ndeb-src http://source.example/debian bookworm main\n"
        "deb http://mirror.example/debian bookworm-updates main\ndeb http://mirror.example/debian bookworm main",
    ],
)
def test_the_old_format(apt: Path, line: str) -> None:
    (apt / "sources.list").write_text(f"# deb http://off.example/debian bookworm main\n\n{line}\n")
    assert str(debian_mirror(apt)).startswith("http://mirror.example/debian")


@pytest.mark.parametrize(
    "line",
    [
        "deb http://security.example/debian-security bookworm-security main",
        "deb [signed-by=/usr/share/keyrings/vendor.gpg] https://vendor.example bookworm main",
        "deb https://vendor.example/linux/debian bookworm stable",
        "deb https://vendor.example nodistro main",
    ],
)
def test_archives_of_others_are_passed_over(apt: Path, line: str) -> None:
    (apt / "sources.list").write_text(f"{line}\n")
    assert debian_mirror(apt) is None


def test_a_disabled_source_is_passed_over(apt: Path) -> None:
    (apt / "sources.list.d/debian.sources").write_text(f"Enabled: no\n{DEB822}")
    assert debian_mirror(apt) is None


def test_a_machine_without_apt_has_none(tmp_path: Path) -> None:
    assert debian_mirror(tmp_path / "nowhere") is None
