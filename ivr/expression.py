"""Expressions in flows, written in CEL: right or refused when a flow is loaded, bounded and harmless when it runs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

import structlog

from config.errors import refuse, shown, suggestion
from config.week import DAYS
from ivr.session import Session

log = structlog.get_logger()

LONGEST: Final = 500
LONGEST_TEXT: Final = 1000
GIVES: Final = {"STRING": "text", "INT": "a whole number", "DOUBLE": "a number", "BOOL": "true or false"}

SYSTEM: Final[Mapping[str, type[str] | type[int]]] = {
    "caller": str,
    "dialled": str,
    "language": str,
    "attempt": int,
    "now.date": str,
    "now.weekday": str,
    "now.time": str,
    "now.hour": int,
}
"""The names that every expression may use; `known` has their values."""

# Neither loops (`map`, `exists`) nor `matches`: a pattern of twenty characters can take longer to prepare than the
# callers of all other flows should wait.
FUNCTIONS: Final = ("bool", "contains", "double", "endsWith", "int", "size", "startsWith", "string")
_OPERATORS: Final = (
    *("_&&_", "_||_", "!_", "_?_:_", "@in", "_[_]"),
    *("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"),
    *("_+_", "_-_", "-_", "_*_", "_/_", "_%_"),
)
_ALLOWED: Final = "\n".join(
    (
        "stdlib:",
        "  disable_macros: true",
        "  include_functions:",
        *(f'    - name: "{each}"' for each in (*FUNCTIONS, *_OPERATORS)),
    )
)

_UNDECLARED: Final = re.compile(r"undeclared reference to '(.+?)' \(in container")
_UNFIT: Final = re.compile(r"no matching overload for '(.+?)' applied to '\((.*?)\)'")
_UNREADABLE: Final = re.compile(r"<input>:\d+:(\d+): (?:Syntax error: )?(.*?)(?: expecting .*)?$", re.MULTILINE)

Result: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Scope:
    """A flow's variables as one of its nodes sees them: those that can have been written, and those that cannot yet."""

    written: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A compiled expression and the variables that it may use; one that nobody has written yet is empty text."""

    text: str
    gives: str
    variables: frozenset[str]
    program: Any

    def evaluate(self, session: Session) -> Result | None:
        """What it gives; None, and a line in the log, when it cannot be told: no expression ever ends a call."""
        values = {**dict.fromkeys(self.variables, ""), **session.variables, **known(session)}
        result, reason = self._outcome(values)
        if reason:
            contact = session.surface.contact.id
            log.warning("expression_failed", contact=contact, node=session.node, expression=self.text, reason=reason)
        return result

    def _outcome(self, values: Mapping[str, Result]) -> tuple[Result | None, str]:
        try:
            value = self.program.eval(data=values)
        except (RuntimeError, TypeError, ValueError) as error:
            return None, str(error)
        # A value of another kind is a fault. The library is never asked for a null: each time it drops one reference to
        # None too many, and Python ends when the last is gone.
        if value.type().name() != self.gives:
            return None, str(value)
        result: Result = value.plain_value()
        if isinstance(result, str) and len(result) > LONGEST_TEXT:
            return None, f"gives text of more than {LONGEST_TEXT} characters"
        return result, ""


def known(session: Session) -> dict[str, str | int]:
    """What the system tells expressions, under the names of SYSTEM; `now` is the center's wall clock."""
    contact, now = session.surface.contact, session.now()
    return {
        "caller": contact.customer,
        "dialled": contact.address,
        "language": session.center.language,
        "attempt": session.attempt,
        "now.date": f"{now:%Y-%m-%d}",
        "now.weekday": DAYS[now.weekday()],
        "now.time": f"{now:%H:%M}",
        "now.hour": now.hour,
    }


def compiled(written: str, scope: Scope) -> Expression:
    """Refuses what is no expression, or uses what does not exist (inside a pydantic validator)."""
    text = written.strip()
    if len(text) > LONGEST:
        refuse(f"is longer than {LONGEST} characters", "Split it: a `set` can write a part of it into a variable.")
    try:
        program = _environment(scope.written).compile(text)
    except (RuntimeError, TypeError) as error:
        refuse(*_explained(text, str(error), scope))
    if (gives := program.return_type().name()) not in GIVES:
        refuse(f"gives {gives.lower()}", "Give text, a number, or true or false.")
    return Expression(text, gives, scope.written, program)


@cache
def _allowed() -> tuple[Any, Any]:
    """The library and what of its language we allow; loaded by the first expression, for most commands need none."""
    from cel_expr_python import cel  # type: ignore[import-untyped]

    return cel, cel.NewEnvConfigFromYaml(_ALLOWED)


@lru_cache(maxsize=8)
def _environment(variables: frozenset[str]) -> Any:
    cel, config = _allowed()
    types = {str: cel.Type.STRING, int: cel.Type.INT}
    names = {**dict.fromkeys(variables, str), **SYSTEM}
    return cel.NewEnv(config=config, variables={name: types[type] for name, type in names.items()})


def _explained(text: str, message: str, scope: Scope) -> tuple[str, str]:
    """The problem and the remedy behind the library's message."""
    unknown = _UNDECLARED.findall(message)
    called = [name for name in unknown if re.search(rf"\b{re.escape(name)}\s*\(", text)]
    if called:
        return f"uses the function {shown(called[0])}, which does not exist", suggestion(called[0], FUNCTIONS)
    if unknown:
        return _unknown(unknown[0], scope)
    if unfit := _UNFIT.search(message):
        operation = unfit[1].replace("_", "").replace("@", "")
        return (
            f"applies `{operation}` to {unfit[2]}",
            "`int(...)` makes a number of text, `string(...)` text of a number.",
        )
    what = _UNREADABLE.search(message)
    where = f" ({shown(what[2])}, character {what[1]})" if what else ""
    return f"is no expression{where}", "Write it in CEL, such as `tier == 'gold' && attempt < 3`."


def _unknown(name: str, scope: Scope) -> tuple[str, str]:
    if name in scope.later:
        return f"uses {shown(name)}, which nothing can have written yet", "Write it by a `set` on the way there."
    likely = suggestion(name, [*SYSTEM, *scope.written])
    return f"uses {shown(name)}, which does not exist", f"{likely} Text stands in quotes: 'gold'."
