"""Our own apt tells a person how far it is, and what to do when it fails."""

import os
from pathlib import Path

import pytest

from telephony.asterisk import apt
from telephony.asterisk.apt import OPTIONS, InstallError, PrivateApt, explain, run

SAID = """\
Reading package lists...
0 upgraded, 161 newly installed, 0 to remove and 0 not upgraded.
Need to get 111 MB of archives.
dlstatus:1:0.0000:Retrieving file 1 of 161
dlstatus:40:26.1234:Retrieving file 40 of 161
dlstatus:41:27.0000:Retrieving file 41 of 161
dlstatus:161:100.0000:Retrieving file 161 of 161
Fetched 111 MB in 3s (37.0 MB/s)
"""
FAKE = """\
#!/bin/sh
echo "$@" >> "{folder}/asked"
cat "{folder}/said"
exit $(cat "{folder}/status")
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get that notes its arguments, prints the file `said` and ends with the number in `status`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "said").write_text(SAID)
    (folder / "status").write_text("0")
    (folder / "apt-get").write_text(FAKE.format(folder=folder))
    (folder / "apt-config").write_text(
        "#!/bin/sh\necho 'APT::Architecture \"m68k\";'\necho 'Acquire::http::Proxy \"p\";'\n"
    )
    for name in ("apt-get", "apt-config"):
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setattr(apt, "debian_mirror", lambda: "http://mirror.example/debian")
    monkeypatch.setattr(apt, "KEYRING", folder / "said")
    return folder


def test_progress_is_told_in_few_words(fake: Path, tmp_path: Path) -> None:
    told: list[str] = []
    PrivateApt(tmp_path / "state", "forky").download(["asterisk"], told.append)
    assert told[-3:] == ["Downloading 111 MB", "Downloaded 25 %", "Downloaded 111 MB in 3s"]


def test_the_hosts_proxy_is_used_and_its_hooks_are_not(fake: Path, tmp_path: Path) -> None:
    PrivateApt(tmp_path / "state", "forky").download(["asterisk"], print)
    settings = (tmp_path / "state/apt.conf").read_text()
    assert 'Acquire::http::Proxy "p";' in settings
    assert 'APT::Architectures:: "m68k";' in settings
    assert 'Dir::Etc::parts "/dev/null";' in settings


def test_options_of_the_environment_reach_apt(fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OPTIONS, "-o Acquire::Check-Valid-Until=false")
    PrivateApt(tmp_path / "state", "forky").download(["asterisk"], print)
    asked = (fake / "asked").read_text().splitlines()
    assert all(line.startswith("-o Acquire::Check-Valid-Until=false ") for line in asked)


def test_options_that_no_shell_would_read_are_named(
    fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OPTIONS, "-o 'Acquire")
    with pytest.raises(InstallError, match=OPTIONS):
        PrivateApt(tmp_path / "state", "forky").download(["asterisk"], print)


def test_a_failure_is_an_error_for_a_person(fake: Path, tmp_path: Path) -> None:
    (fake / "said").write_text("E: Failed to fetch http://mirror.example/x  Could not resolve 'mirror.example'\n")
    (fake / "status").write_text("100")
    with pytest.raises(InstallError, match="cannot be reached"):
        PrivateApt(tmp_path / "state", "forky").download(["asterisk"], print)


@pytest.mark.parametrize(
    ("said", "what", "remedy"),
    [
        ("E: Release file for x is expired (invalid since 3d).", "expired", OPTIONS),
        ("E: Release file for x is not valid yet (invalid for another 2h).", "from the future", "clock"),
        ("E: Failed to fetch x  Temporary failure resolving 'm'", "cannot be reached", "proxy"),
        ("Err:1 x\n  Could not connect to m:80\nE: Failed to fetch x  Unable to connect to m:80:", "reached", "proxy"),
        ("E: Unable to locate package asterisk", "lacks a package", "mirror"),
        ("E: The repository 'x forky Release' does not have a Release file.", "lacks the release", "mirror"),
        ("W: GPG error: x: NO_PUBKEY 1\nE: The repository 'x' is not signed.", "signed by", "keyring"),
        ("E: You don't have enough free space in /x/.", "disk is full", "Make room"),
        ("dpkg-deb: error: write: No space left on device", "disk is full", "Make room"),
        ("E: Something new", "Something new", OPTIONS),
        ("", "apt failed", OPTIONS),
    ],
)
def test_each_cause_has_its_remedy(said: str, what: str, remedy: str) -> None:
    error = explain(said.splitlines())
    assert what in error.what
    assert remedy in error.remedy


def test_a_missing_program_is_named() -> None:
    with pytest.raises(InstallError, match="has no no-such-program"):
        run("no-such-program")


def test_missing_keys_are_named(fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "KEYRING", tmp_path / "missing")
    with pytest.raises(InstallError, match="debian-archive-keyring"):
        PrivateApt(tmp_path / "state", "forky").download(["asterisk"], print)


def test_missing_mirror_is_named(fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "debian_mirror", lambda: None)
    with pytest.raises(InstallError, match="no Debian mirror"):
        PrivateApt(tmp_path / "state", "forky").download(["asterisk"], print)
