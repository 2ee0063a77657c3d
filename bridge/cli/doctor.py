"""throughline doctor: what is missing, wrong or unreachable, and how to mend it."""

import json
import os
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from bridge.cli._findings import show
from bridge.cli._place import here
from bridge.doctor.examination import Examination, checks_for, examine
from bridge.doctor.finding import Area, Verdict
from bridge.doctor.patient import Patient
from config.home import HomeError
from config.settings import SettingsError


def doctor(
    network: Annotated[bool, typer.Option("--network", help="Also tell how others would reach this center.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Tell what is missing, wrong or unreachable, and how to mend it.

    Changes nothing, sends nothing to another machine, and prints no secret. Exit status 0 when nothing is wrong.

    Example: throughline doctor --network
    """
    found = _examined(network)
    wrong, warnings = found.count(Verdict.WRONG), found.count(Verdict.WARNING)
    if as_json:
        print(json.dumps({"wrong": wrong, "warnings": warnings, "findings": [asdict(each) for each in found.findings]}))
    else:
        show(Console(highlight=False, emoji=False), found.findings)
        print(f"\n{wrong or 'Nothing'} wrong, {warnings or 'no'} warning{'s' if warnings != 1 else ''}.")
    sys.stdout.flush()
    if found.overdue:
        os._exit(1 if wrong else 0)  # what hangs would keep us from ending
    raise typer.Exit(1 if wrong else 0)


def _examined(network: bool) -> Examination:
    try:
        patient = Patient(here())
    except (SettingsError, HomeError) as error:
        area, remedy = Area("settings"), "Correct it: until then nothing else can be looked at."
        return Examination(tuple(area.wrong("environment", line, remedy) for line in str(error).splitlines()))
    return examine(patient, checks_for(patient, network))
