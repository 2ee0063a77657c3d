"""The center's files: right, in use, and readable by the Asterisk that plays them."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bridge.center import read_center
from bridge.cli._place import revisions
from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from config.errors import ConfigErrors
from config.reach import reach, usable
from config.settings import SettingsError

AREA: Final = Area("center")
TRIED_WITHIN: Final = 2.0


def files(patient: Patient) -> Iterator[Finding]:
    """Whether they are right, and whether what was edited runs."""
    if not (folder := patient.place.center).exists():
        if patient.place.settings.center:
            yield AREA.wrong("files", f"{folder} does not exist", "Make it, or set THROUGHLINE_CENTER to your center.")
        else:
            yield AREA.warning("files", f"{folder} is not there yet", "`throughline run` copies the shipped center.")
        return
    try:
        center = read_center(folder).center
    except ConfigErrors as errors:
        first, count = errors.errors[0], len(errors.errors)
        yield AREA.wrong(
            "files",
            f"{count} fault{'s' if count != 1 else ''}, the first: {first}",
            "`throughline check` tells all of them.",
        )
        return
    yield AREA.ok("files", f"{folder}, no fault, revision {center.revision}")
    yield from _drift(patient, center.revision)


def _drift(patient: Patient, edited: str) -> Iterator[Finding]:
    runs = patient.status.revision if patient.status else getattr(revisions(patient.place).current, "name", None)
    if runs is None:
        yield AREA.ok("applied", "none yet")
    elif runs == edited:
        yield AREA.ok("applied", "the files as they are")
    else:
        yield AREA.warning("applied", f"revision {runs}, the files have changed since", "`throughline apply`.")


def settings(patient: Patient) -> Iterator[Finding]:
    """Whether they and the settings agree on who may reach the center."""
    if (center := patient.center) is None:
        return
    try:
        where = usable(reach(patient.place.settings, center.network, center.nat))
        yield AREA.ok("reach", f"`network: {center.network}`, SIP is taken at {where.bind}")
    except SettingsError as error:
        yield AREA.wrong("reach", str(error), "Correct one of the two: `throughline run` refuses to start so.")


def sounds(patient: Patient) -> Iterator[Finding]:
    """Whether Asterisk's account can read every prompt and all music; tried for real, as that account."""
    if patient.center is None:
        return
    folders = [patient.center.directory / "prompts", *sorted(patient.place.instance.music.glob("*"))]
    unreadable = _unreadable([folder for folder in folders if folder.exists()], patient)
    if unreadable:
        remedy = "Make them readable by everybody (chmod -R a+rX) and apply the center again."
        yield AREA.wrong("sounds", f"Asterisk cannot read {', '.join(unreadable[:3])}", remedy)
    else:
        count = sum(map(len, patient.center.prompts.values()))
        yield AREA.ok("sounds", f"{count} prompts and all music can be read by Asterisk")


def _unreadable(folders: Sequence[Path], patient: Patient) -> list[str]:
    """By find, which follows links, tells what cannot be read, and complains about what cannot be entered."""
    if not folders:
        return []
    account = patient.account
    tried = subprocess.run(
        ("/usr/bin/find", "-L", *folders, "!", "-readable", "-print"),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        env={"LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=TRIED_WITHIN,
        check=False,
    )
    return tried.stdout.splitlines() or tried.stderr.splitlines()


CHECKS: Final = (files, settings, sounds)
