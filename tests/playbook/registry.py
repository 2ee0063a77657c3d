"""All scenarios, found by walking the package that holds them."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Act = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Scenario:
    """A named act; `real` tells whether it can also be played with a real Asterisk."""

    name: str
    act: Act
    real: bool


_FOUND: Final[dict[str, Scenario]] = {}


def scenario(act: Act) -> Act:
    """A scenario for every stage."""
    return _note(act, real=True)


def on_the_fake(act: Act) -> Act:
    """A scenario for virtual time alone: too long, or too exact, for a real Asterisk."""
    return _note(act, real=False)


def scenarios() -> list[Scenario]:
    """Every scenario there is."""
    for module in pkgutil.iter_modules([str(Path(__file__).with_name("scenarios"))]):
        importlib.import_module(f"tests.playbook.scenarios.{module.name}")
    return list(_FOUND.values())


def _note(act: Act, real: bool) -> Act:
    name: str = getattr(act, "__name__")  # noqa: B009 - a callable need not have one, for mypy
    assert name not in _FOUND, f"two scenarios are named {name}"
    _FOUND[name] = Scenario(name, act, real)
    return act
