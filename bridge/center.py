"""A center with its flows, checked as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import ConfigErrors
from config.loader import Center, inspect
from ivr.flow import Flow
from ivr.loader import load_flows
from telephony.acd.strategies import STRATEGIES


@dataclass(frozen=True, slots=True)
class WholeCenter:
    """What an administrator wrote, and the flows made of it."""

    center: Center
    flows: Mapping[str, Flow]


def read_center(directory: Path) -> WholeCenter:
    """Reads a center's folder. Blocking. Raises ConfigErrors with the faults of all its files, flows too."""
    center, errors = inspect(directory, STRATEGIES)
    if center is None:
        raise ConfigErrors(errors)
    try:
        flows = load_flows(center)
    except ConfigErrors as wrong:
        raise ConfigErrors((*errors, *wrong.errors)) from None
    if errors:
        raise ConfigErrors(errors)
    return WholeCenter(center, flows)
