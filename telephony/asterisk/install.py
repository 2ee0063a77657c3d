"""The Asterisk that is run: the host's own when new enough, else Debian's package in our own folder."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from telephony.asterisk.apt import InstallError, Report
from telephony.asterisk.debian import Unpacked, complete, unpack

OLDEST = (22, 10, 1)
_OLDEST = ".".join(map(str, OLDEST))
PACKAGES = ("asterisk", "asterisk-core-sounds-en-wav", "asterisk-moh-opsound-wav")


@dataclass(frozen=True)
class AsteriskProgram:
    """An Asterisk that can be run.

    `command` is the start of every argv, `modules` its astmoddir, and `data` its astdatadir, with the
    documentation, rest-api, sounds and moh folders."""

    command: tuple[str, ...]
    version: str
    modules: Path
    data: Path


def find_or_install(software: Path, report: Report) -> AsteriskProgram:
    """The host's Asterisk if it is complete and new enough, else one unpacked into `software`/asterisk.

    Raises InstallError."""
    return on_host() or _from_debian(software / "asterisk", report)


def already_here(software: Path) -> AsteriskProgram | None:
    """As `find_or_install`, but nothing is installed: None when there is none yet, or a broken one.

    Raises InstallError for one whose program is gone."""
    if (program := on_host()) or not complete(into := software / "asterisk", PACKAGES):
        return program
    return _unpacked(Unpacked(into / "root"))


def passed_over(path: str | None = None) -> str | None:
    """Why the host's own Asterisk is not used; None when it is, or when there is none."""
    if (found := _found(path)) is None or _program((found,), _prefix(found)):
        return None
    version = _version((found,))
    if (numbers(version) or (0, 0, 0)) < OLDEST:
        return f"{found} is Asterisk {version or 'of an unknown version'}, and {_OLDEST} or newer is needed"
    return f"{found} lacks modules, documentation or sounds"


def numbers(version: str) -> tuple[int, int, int] | None:
    """The release in a version text of Asterisk or Debian; None for anything that is not a release."""
    match = re.search(r"(?<![\w.-])(\d+)\.(\d+)\.(\d+)(?!\d|[-~](?:rc|pre|alpha|beta))", version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def on_host(path: str | None = None) -> AsteriskProgram | None:
    """The Asterisk among the folders of `path`, by default $PATH and the sbin folders."""
    found = _found(path)
    return _program((found,), _prefix(found)) if found else None


def _found(path: str | None) -> str | None:
    folders = path or os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin"))
    return shutil.which("asterisk", path=folders)


def _prefix(program: str) -> Path:
    return Path(program).resolve().parents[1]


def _from_debian(into: Path, report: Report) -> AsteriskProgram:
    if not into.exists():
        report("Fetching Asterisk from Debian into a folder of its own: nothing on this machine is changed")
    tree = unpack(PACKAGES, into, report)
    _speak_english(tree.root / "usr/share/asterisk/sounds")
    if (program := _unpacked(tree)) is None:
        what = f"The Asterisk that this machine's Debian mirror has cannot be used: it takes {_OLDEST} or newer."
        raise InstallError(what, f"Remove {into} and run again, or install Asterisk {_OLDEST} or newer yourself.")
    return program


def _unpacked(tree: Unpacked) -> AsteriskProgram | None:
    return _program(tree.command("asterisk"), tree.root / "usr")


def _speak_english(sounds: Path) -> None:
    """Make the link that the package's own script would have made."""
    if not (english := sounds / "en").is_symlink():
        english.symlink_to("en_US_f_Allison")


def _program(command: tuple[str, ...], prefix: Path) -> AsteriskProgram | None:
    version = _version(command)
    modules = _first(prefix, ("lib/*/asterisk/modules", "lib*/asterisk/modules"), "res_ari.so")
    shares = ("share/asterisk", "var/lib/asterisk", "../var/lib/asterisk")
    data = _first(prefix, shares, "documentation/core-en_US.xml", "rest-api", "sounds/en/beep.*")
    if (numbers(version) or (0, 0, 0)) < OLDEST or modules is None or data is None:
        return None
    return AsteriskProgram(command, version, modules, data)


def _first(prefix: Path, places: Sequence[str], *contents: str) -> Path | None:
    """The first of `places` under `prefix` that has all of `contents`."""
    found = (folder for place in places for folder in prefix.glob(place))
    return next((folder.resolve() for folder in found if all(any(folder.glob(name)) for name in contents)), None)


def _version(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run((*command, "-V"), capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.removeprefix("Asterisk").strip()
