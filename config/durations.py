"""Durations as people write them: `20 s`, `2 min`, `1 h 30 min`, or a plain number of seconds."""

import math
import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator

from config.errors import refuse, shown

_SECONDS = {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,3})?"
_PART = re.compile(rf"({_NUMBER})\s*({'|'.join(_SECONDS)})")
_WHOLE = re.compile(rf"(?:{_PART.pattern}\s*)+")
_REMEDY = "Write it as `20 s`, `2 min` or `1 h 30 min`, or as a number of seconds."


def parse_seconds(written: object) -> float:
    """Seconds from what was written; refuses anything else with a remedy (inside a pydantic validator)."""
    if isinstance(written, int | float) and not isinstance(written, bool) and 0 <= written < math.inf:
        return float(written)
    text = written.strip().lower() if isinstance(written, str) else ""
    if re.fullmatch(_NUMBER, text):
        return float(text)
    if len(text) < 40 and _WHOLE.fullmatch(text):
        return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    refuse(f"is {shown(written)}, which is not a duration", _REMEDY)


def spoken(seconds: float) -> str:
    """`90.0` as `1 min 30 s`: the same notation that an administrator writes."""
    rest, parts = seconds, []
    for unit in ("h", "min"):
        count, rest = divmod(rest, _SECONDS[unit])
        parts += [f"{count:g} {unit}"] if count else []
    return " ".join([*parts, f"{rest:g} s"] if rest or not parts else parts)


def between(low: float, high: float) -> AfterValidator:
    """A bound for a field of type `Seconds`, both ends allowed."""

    def check(seconds: float) -> float:
        if not low <= seconds <= high:
            limits = f"from {spoken(low)} to {spoken(high)}"
            refuse(f"is {spoken(seconds)}, outside its limits", f"Write a duration {limits}.")
        return seconds

    return AfterValidator(check)


Seconds: TypeAlias = Annotated[float, BeforeValidator(parse_seconds)]
