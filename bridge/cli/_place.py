"""What most commands begin with: where the state and the center lie, and how faults are told."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import config
from config.errors import ConfigErrors
from config.home import HomeError, state_home, why_moved
from config.instance import Instance
from config.loader import Center, load
from config.settings import Settings, SettingsError
from ivr.flow import Flow
from ivr.loader import load_flows
from telephony.acd.strategies import STRATEGIES

SHIPPED = Path(config.__file__).resolve().parent / "center"
PROJECT = SHIPPED.parent.parent


@dataclass(frozen=True, slots=True)
class Here:
    """The settings, the state directory and the center's folder of this run."""

    settings: Settings
    instance: Instance
    center: Path


def fail(message: str) -> NoReturn:
    """Ends the command with a message on stderr and exit status 1."""
    print(message, file=sys.stderr)
    raise SystemExit(1)


@contextmanager
def told() -> Iterator[None]:
    """Faults of the environment and of the center are told in their own words, never as a traceback."""
    try:
        yield
    except ConfigErrors as errors:
        count = len(errors.errors)
        fail(f"{errors}\n\n{count} fault{'s' if count != 1 else ''} in the center.")
    except (SettingsError, HomeError) as error:
        fail(str(error))


def here() -> Here:
    """Where we are; makes nothing."""
    settings = Settings.read()
    home = settings.home or state_home(PROJECT)
    return Here(settings, Instance(home), settings.center_in(home))


def prepare(report: Callable[[str], None]) -> Here:
    """Where we are, with the state directory made and, at the first run, the shipped center copied into it."""
    place = here()
    if place.settings.home is None and (moved := why_moved(PROJECT, place.instance.home)):
        report(moved)
    place.instance.home.mkdir(parents=True, exist_ok=True)
    place.instance.log.parent.mkdir(exist_ok=True)
    if place.settings.center is None and not place.center.exists():
        shutil.copytree(SHIPPED, place.center, ignore=shutil.ignore_patterns("*.md"))
        report(f"The shipped center was copied to {place.center}, which is yours to edit")
    return place


def read_center(directory: Path) -> tuple[Center, dict[str, Flow]]:
    """A center and its flows, fully checked. Raises ConfigErrors with the faults of whichever part came first."""
    center = load(directory, STRATEGIES)
    return center, dict(load_flows(center))
