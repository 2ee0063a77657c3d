"""What an administrator reads when a file of the center is wrong: where, what, and what to do about it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from pydantic_core import PydanticCustomError

FAULT = "fault"
_SHOWN = 60


@dataclass(frozen=True, slots=True, order=True)
class ConfigError:
    """One fault: `file` is relative to the center, `line` starts at 1, `field` is a dotted path."""

    file: str
    line: int
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        file, field, problem, remedy = map(legible, (self.file, self.field, self.problem, self.remedy))
        return f"{file}:{self.line}: {field} {problem}.\n  {remedy}"


class ConfigErrors(Exception):
    """Every fault of a center, ordered by file and line."""

    def __init__(self, errors: Iterable[ConfigError]) -> None:
        self.errors: tuple[ConfigError, ...] = tuple(sorted(set(errors)))
        super().__init__(*self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def refuse(problem: str, remedy: str) -> NoReturn:
    """Refuse a value inside a pydantic validator, with words that reach the administrator as they are."""
    raise PydanticCustomError(FAULT, "{problem}", {"problem": problem, "remedy": remedy})


def shown(value: object) -> str:
    """A value as an error may print it: short, on one line, without control characters."""
    match value:
        case None:
            return "empty"
        case dict() | list():
            return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    printable = legible(text[:_SHOWN])
    return f"`{printable}`" if len(text) <= _SHOWN else f"`{printable}...`"


def legible(text: str) -> str:
    """On one line and without control characters, whatever somebody wrote."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def suggestion(name: str, known: Iterable[str]) -> str:
    """`Did you mean x?` when something known is close, else the known names."""
    names = sorted(known)
    if close := difflib.get_close_matches(name[:_SHOWN], names, n=1):
        return f"Did you mean {shown(close[0])}?"
    listed = ", ".join(shown(each)[1:-1] for each in names[:20])
    return f"Known: {listed}." if names else "None is defined yet."
