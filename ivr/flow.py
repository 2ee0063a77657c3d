"""Flow: named nodes and where each leads."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.nodes.base import Node


@dataclass(frozen=True, slots=True)
class Flow:
    """A checked flow. `revision` is the center's, so that a walk can be taken up in the files it began with."""

    name: str
    revision: str
    start: str
    nodes: Mapping[str, Node]
