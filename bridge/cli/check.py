"""throughline check: reads the center and tells every fault in it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bridge.center import read_center
from bridge.cli._place import SHIPPED, fail, here, told
from config.errors import ConfigErrors


def check(
    directory: Annotated[
        Path | None, typer.Argument(help="The center to check; by default the one that is run.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the faults as a JSON list.")] = False,
) -> None:
    """Check a center: every fault with its file, line, field and remedy.

    Example: throughline check config/center
    """
    with told():
        chosen = directory or _running()
        if not chosen.is_dir():
            fail(f"{chosen} is no folder: name the folder of a center, such as config/center.")
        if as_json:
            _as_json(chosen)
        else:
            whole = read_center(chosen)
            center, flows = whole.center, whole.flows
            parts = {"number": center.numbers, "flow": flows, "queue": center.queues, "agent": center.agents}
            counts = ", ".join(f"{len(part)} {name}{'' if len(part) == 1 else 's'}" for name, part in parts.items())
            print(f"{center.name}: {counts}; no fault (revision {center.revision})")


def _running() -> Path:
    place = here()
    return place.center if place.center.exists() else SHIPPED


def _as_json(directory: Path) -> None:
    try:
        read_center(directory)
    except ConfigErrors as errors:
        names = ("file", "line", "field", "problem", "remedy")
        print(json.dumps([{name: getattr(error, name) for name in names} for error in errors.errors]))
        sys.exit(1)
    print("[]")
