"""The small types of the schema: names, numbers, languages, time zones."""

import re
from collections.abc import Callable
from functools import cache
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator

from config.errors import refuse, shown, suggestion


def _written_as(pattern: str, what: str, remedy: str) -> BeforeValidator:
    """Text of one pattern; whole numbers count as the text they were written as."""
    whole = re.compile(pattern)

    def check(value: object) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not whole.fullmatch(text):
            refuse(f"is {shown(value)}, which is not {what}", remedy)
        return text

    return BeforeValidator(check)


def _title(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        refuse(f"is {shown(value)}, which is not text", "Write a name for people to read; quote numbers.")
    if len(value) > 80 or not value.isprintable():
        refuse("is too long or has line breaks", "Write one line of at most 80 characters.")
    return value.strip()


@cache
def _timezones() -> dict[str, None]:
    return dict.fromkeys(available_timezones())


def _timezone(value: object) -> ZoneInfo:
    if not isinstance(value, str) or value not in _timezones():
        likely = suggestion(str(value), [*_timezones()]) if isinstance(value, str) else ""
        hint = likely if likely.startswith("Did you mean") else "Write one like `Europe/London`."
        refuse(f"is {shown(value)}, which is not a time zone", hint)
    return ZoneInfo(value)


def one_of(*choices: str) -> BeforeValidator:
    """Text that must be one of `choices`."""

    def check(value: object) -> object:
        if value not in choices:
            refuse(f"is {shown(value)}, which is not a choice here", suggestion(str(value), choices))
        return value

    return BeforeValidator(check)


def distinct(what: str) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """A check that a list names nothing twice."""

    def check(names: tuple[str, ...]) -> tuple[str, ...]:
        twice = [name for index, name in enumerate(names) if name in names[:index]]
        if twice:
            refuse(f"names the {what} {shown(twice[0])} twice", "Name each once.")
        return names

    return check


def at_least_one(names: tuple[str, ...]) -> tuple[str, ...]:
    """A check that a list is not empty."""
    if not names:
        refuse("is empty", "Write at least one.")
    return names


def _not_ours(login: str) -> str:
    if login in OUR_ACCOUNTS:
        refuse(f"is {shown(login)}, a name that Throughline itself uses", "Choose another login.")
    return login


OUR_ACCOUNTS = frozenset({"loopback"})
NAME = r"[a-z][a-z0-9_-]{0,39}"
LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"

Name: TypeAlias = Annotated[
    str,
    _written_as(NAME, "a name", "Use small letters, digits, - and _; begin with a letter; 40 at most."),
]
Login: TypeAlias = Annotated[
    str,
    _written_as(
        r"[a-z][a-z0-9_-]{1,30}",
        "a login",
        "Use 2 to 31 small letters, digits, - and _; begin with a letter.",
    ),
    AfterValidator(_not_ours),
]
Extension: TypeAlias = Annotated[str, _written_as(r"[0-9]{2,8}", "an extension", "Write 2 to 8 digits, such as 2001.")]
DialledNumber: TypeAlias = Annotated[
    str,
    _written_as(r"\+?[0-9]{1,15}", "a number to dial", 'Write 1 to 15 digits, such as 1000 or "+442079460000".'),
]
Language: TypeAlias = Annotated[
    str,
    _written_as(
        LANGUAGE,
        "a language tag",
        "Write a BCP 47 tag such as `en`, `de-AT` or `zh-Hant-TW`.",
    ),
]
Title: TypeAlias = Annotated[str, BeforeValidator(_title)]
Timezone: TypeAlias = Annotated[ZoneInfo, BeforeValidator(_timezone)]
