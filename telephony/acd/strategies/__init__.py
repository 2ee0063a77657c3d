"""Routing strategies, one file each: `rank(agent)` gives a sort key, and the lowest is offered first."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any, Final

from telephony.acd.candidate import Candidate

Rank = Callable[[Candidate], Any]


def _load(name: str) -> Rank:
    rank: Rank = importlib.import_module(f"{__name__}.{name}").rank
    return rank


STRATEGIES: Final[Mapping[str, Rank]] = {each.name: _load(each.name) for each in pkgutil.iter_modules(__path__)}
