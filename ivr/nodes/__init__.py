"""The types of nodes, one file each: the file's name is the type, its class `Step` the node."""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Final

from ivr.nodes.base import Node


def _load(name: str) -> type[Node]:
    step: type[Node] = importlib.import_module(f"{__name__}.{name}").Step
    return step


NODES: Final[Mapping[str, type[Node]]] = {
    each.name: _load(each.name) for each in pkgutil.iter_modules(__path__) if each.name != "base"
}
