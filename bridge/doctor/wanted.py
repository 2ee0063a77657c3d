"""What an Asterisk that we did not start should have in its files: the lines that ours gets, without a secret."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from bridge.doctor.patient import Patient
from bridge.pbx import rendering
from config.instance import Instance, Ports
from config.loader import Center
from config.rendering import Login, Unattended
from telephony.asterisk.inquiry import Message
from telephony.asterisk.install import AsteriskProgram

PASSWORD: Final = "THE-PASSWORD-IN-THROUGHLINE_ASTERISK"  # noqa: S105 - stands for it in what is shown

Steps = dict[str, list[tuple[str, str]]]

_STEP = re.compile(r"\s*(?:exten => (?P<extension>[^,]+),1|same => n(?:\([a-z]+\))?),(?P<app>\w+)\((?P<data>.*)\)")


def wanted(patient: Patient) -> dict[str, str] | None:
    """Our files with the foreign Asterisk's users; None before there is a state directory to render from."""
    place = patient.place
    if patient.center is None or not place.foreign or not place.instance.key.exists():
        return None
    ari, ami = place.foreign.ari, place.foreign.ami
    rendered = rendering(place.settings, place.instance, patient.center, AsteriskProgram((), "", Path(), Path()))
    return replace(
        rendered,
        ports=Ports(ari.port, ami.port),
        ari=Login(ari.username, PASSWORD),
        ami=Login(ami.username, PASSWORD),
        unattended=_lasting(rendered.unattended, patient.center, place.instance),
    ).files()


def _lasting(unattended: Unattended, center: Center, instance: Instance) -> Unattended:
    """Its files are not written anew at every revision: a prompt goes by the one that runs, whichever that is."""
    prompt = unattended.prompt and unattended.prompt.replace(
        str(center.directory), str(instance.revisions / "current"), 1
    )
    return replace(unattended, prompt=prompt)


def lines(patient: Patient, file: str, *sections: str) -> str:
    """The lines of one file, or of some of its sections, to be shown."""
    if (files := wanted(patient)) is None:
        return "(The first `throughline run` tells the lines.)"
    names = sections or tuple(re.findall(r"^\[(.+)\]$", files[file], re.MULTILINE))
    return "\n\n".join(section(files[file], name) for name in names)


def section(text: str, name: str) -> str:
    """A section of a configuration file, from its [name] to the next, without comments; empty when it is not there."""
    _, _, rest = text.partition(f"[{name}]\n")
    body = re.split(r"^\[", rest, maxsplit=1, flags=re.MULTILINE)[0]
    kept = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith(";")]
    return "\n".join([f"[{name}]", *kept]) if rest else ""


def steps(text: str, context: str) -> Steps:
    """A dialplan context as we write it: each extension's applications with their data, in order."""
    found: Steps = {}
    extension = ""
    for step in filter(None, map(_STEP.match, section(text, context).splitlines())):
        extension = step["extension"] or extension
        found.setdefault(extension, []).append((step["app"], step["data"]))
    return found


def steps_shown(messages: Iterable[Message]) -> Steps:
    """The same from Asterisk's answer to ShowDialPlan."""
    found: Steps = {}
    for each in messages:
        if "Application" in each:
            found.setdefault(each["Extension"], []).append((each["Application"], each.get("AppData", "")))
    return found
