"""The state directory: room, permissions, and who runs on it."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient

AREA: Final = Area("state")
MEGABYTE: Final = 1_000_000
LEAST_ROOM: Final = 200
GOOD_ROOM: Final = 1000
TRIED_WITHIN: Final = 2.0


def directory(patient: Patient) -> Iterator[Finding]:
    """Whether it is there, is ours, and takes what we write."""
    home, exists = patient.place.instance.home, patient.place.instance.home.is_dir()
    try:
        with tempfile.TemporaryFile(dir=_there(home)) as file:
            file.write(b"x")
    except OSError as error:
        remedy = "Give us room and the right to write there, or set THROUGHLINE_HOME to another folder."
        yield AREA.wrong("directory", f"{home} cannot be written: {error.strerror}", remedy)
        return
    if exists:
        yield AREA.ok("directory", f"{home}, writable")
    else:
        yield AREA.warning("directory", f"{home} is not there yet", "`throughline run` makes it.")


def ownership(patient: Patient) -> Iterator[Finding]:
    """Files of another user's run cannot be continued, or only by leaving some that she cannot continue."""
    instance, us = patient.place.instance, os.geteuid()
    files = (instance.home, instance.key, instance.journal, instance.store, instance.log, instance.lock)
    if others := [file for file in files if file.exists() and file.stat().st_uid != us]:
        owner = others[0].stat().st_uid
        remedy = f"Ask and run as user {owner}, or give all of {instance.home} to user {us}."
        yield AREA.warning("ownership", f"{others[0]} belongs to user {owner}, and we are {us}", remedy)


def room(patient: Patient) -> Iterator[Finding]:
    """Room on its disk."""
    home = patient.place.instance.home
    free = shutil.disk_usage(_there(home)).free // MEGABYTE
    remedy = f"Make room on the disk of {home}, or set THROUGHLINE_HOME to a folder on another one."
    if free < LEAST_ROOM:
        yield AREA.wrong("disk", f"{free} MB are free: too few to record calls safely", remedy)
    elif free < GOOD_ROOM:
        yield AREA.warning("disk", f"{free} MB are free", remedy)
    else:
        yield AREA.ok("disk", f"{free / 1000:.1f} GB are free")


def servers(patient: Patient) -> Iterator[Finding]:
    """Whether the account that Asterisk runs as gets in; tried for real, as that account."""
    home, account = _there(patient.place.instance.home), patient.account
    if account is None:
        yield AREA.ok("servers", "run as ourselves, who can enter it")
        return
    enter = ("/usr/bin/test", "-x", home)
    tried = subprocess.run(
        enter, user=account.uid, group=account.gid, extra_groups=[], timeout=TRIED_WITHIN, check=False
    )
    if tried.returncode:
        remedy = "Set THROUGHLINE_HOME to a folder that everybody can enter, or do not run as root."
        yield AREA.wrong("servers", f"run as `nobody`, who cannot enter {home}", remedy)
    else:
        yield AREA.ok("servers", f"run as `nobody`, who can enter {home}")


def run(patient: Patient) -> Iterator[Finding]:
    """Who holds it."""
    if patient.runner is None:
        yield AREA.warning("run", "nobody runs Throughline on it now", "`throughline run` opens the center.")
    elif patient.place.instance.stopping.exists():
        yield AREA.warning("run", f"process {patient.runner} is being stopped", "`throughline run` opens it again.")
    else:
        yield AREA.ok("run", f"process {patient.runner} runs Throughline on it")


def installation(patient: Patient) -> Iterator[Finding]:
    """Whether software is being installed, or was once and was broken off."""
    software = patient.place.instance.software
    for lock in software.glob("*.lock"):
        if _held(lock):
            yield AREA.warning("installation", f"{lock.stem} is being installed now", "Wait for it, then ask again.")
        elif (partial := lock.with_suffix(".partial")).exists():
            remedy = "`throughline run` goes on where it was; what was downloaded is kept."
            yield AREA.warning("installation", f"{partial} was broken off", remedy)


def _held(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True


def _there(path: Path) -> Path:
    """The nearest of its folders that exists."""
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


CHECKS: Final = (directory, ownership, room, servers, run, installation)
