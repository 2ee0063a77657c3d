"""The small types of nodes' fields: variables, what is written into them, and conditions."""

import re
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from config.errors import refuse, shown
from ivr.expression import GIVES, LONGEST_TEXT, SYSTEM, Expression, Scope, compiled

MOST_ENTRIES: Final = 50
_VARIABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORD: Final = re.compile(
    "as|bool|break|bytes|const|continue|double|dyn|else|false|for|function|if|import|in|int|let|list|loop|map|"
    "namespace|null|null_type|package|return|string|true|type|uint|var|void|while"
)
_SYSTEM: Final = {name.partition(".")[0] for name in SYSTEM}

V = TypeVar("V")


def is_variable(name: object) -> bool:
    """Whether a variable may have this name."""
    return isinstance(name, str) and bool(_VARIABLE.fullmatch(name)) and not _reserved(name)


def few(entries: dict[str, V]) -> dict[str, V]:
    """Refuses none and too many, for all of them are done without a pause."""
    if not 1 <= len(entries) <= MOST_ENTRIES:
        refuse(f"holds {len(entries)} entries", f"Write from 1 to {MOST_ENTRIES}.")
    return entries


def _reserved(name: str) -> bool:
    return name in _SYSTEM or bool(_WORD.fullmatch(name))


def _variable(name: str) -> str:
    if _reserved(name):
        refuse(f"is {shown(name)}, which means something else in expressions", "Choose another name.")
    if not is_variable(name):
        refuse(f"is {shown(name)}, which is not a variable", "Use small letters, digits and _; 40 at most.")
    return name


def _value(written: object, info: ValidationInfo) -> Expression | str:
    if isinstance(written, str) and written.startswith("="):
        return compiled(written[1:], _scope(info))
    text = str(written) if isinstance(written, int) and not isinstance(written, bool) else written
    if not isinstance(text, str):
        refuse(f"is {shown(text)}, which is not text", "Put it in quotes.")
    if len(text) > LONGEST_TEXT:
        refuse(f"is longer than {LONGEST_TEXT} characters", "Shorten it.")
    return text


def _condition(written: object, info: ValidationInfo) -> Expression:
    if not isinstance(written, str):
        refuse(f"is {shown(written)}, which is no expression", "Write one in quotes, such as `attempt < 3`.")
    expression = compiled(written, _scope(info))
    if expression.gives != "BOOL":
        refuse(
            f"gives {GIVES[expression.gives]} instead of true or false",
            "Compare it with something, such as `tier == 'gold'`.",
        )
    return expression


def _scope(info: ValidationInfo) -> Scope:
    return info.context if isinstance(info.context, Scope) else Scope()


Variable: TypeAlias = Annotated[str, AfterValidator(_variable)]
Value: TypeAlias = Annotated[Expression | str, BeforeValidator(_value)]
Condition: TypeAlias = Annotated[Expression, BeforeValidator(_condition)]
