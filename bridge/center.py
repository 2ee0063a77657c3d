"""A center with its flows, checked as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.loader import Center, load
from ivr.flow import Flow
from ivr.loader import load_flows
from telephony.acd.strategies import STRATEGIES


@dataclass(frozen=True, slots=True)
class WholeCenter:
    """What an administrator wrote, and the flows made of it."""

    center: Center
    flows: Mapping[str, Flow]


def read_center(directory: Path) -> WholeCenter:
    """Reads a center's folder. Blocking. Raises ConfigErrors with the faults of whichever part came first."""
    center = load(directory, STRATEGIES)
    return WholeCenter(center, load_flows(center))
