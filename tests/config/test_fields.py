"""Names, numbers, languages and time zones: what fits and what does not."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from config.fields import (
    DialledNumber,
    Extension,
    Language,
    Login,
    Name,
    Timezone,
    Title,
    at_least_one,
    distinct,
    one_of,
)

GOOD: list[tuple[Any, object, str]] = [
    (Name, "sales", "sales"),
    (Name, "a", "a"),
    (Name, "after-hours_2", "after-hours_2"),
    (Login, "ana", "ana"),
    (Login, "a2", "a2"),
    (Extension, 2001, "2001"),
    (Extension, "0201", "0201"),
    (DialledNumber, "1000", "1000"),
    (DialledNumber, "+442079460000", "+442079460000"),
    (Language, "en", "en"),
    (Language, "de-AT", "de-AT"),
    (Language, "zh-Hant-TW", "zh-Hant-TW"),
    (Language, "es-419", "es-419"),
    (Title, " Ana Ferreira ", "Ana Ferreira"),
    (Title, "Łódź & Søn", "Łódź & Søn"),
    (Timezone, "Europe/London", "Europe/London"),
]
BAD: list[tuple[Any, object]] = [
    (Name, "Sales"),
    (Name, "2nd"),
    (Name, ""),
    (Name, "a" * 41),
    (Name, "sales\n"),
    (Name, None),
    (Login, "a"),
    (Login, "ana.f"),
    (Login, "../ana"),
    (Login, "loopback"),
    (Extension, 7),
    (Extension, -2001),
    (Extension, 2001.0),
    (Extension, True),
    (Extension, "*11"),
    (Extension, "٢٠٠١"),
    (DialledNumber, "*11"),
    (DialledNumber, "12 34"),
    (DialledNumber, "1" * 16),
    (Language, "english"),
    (Language, "en_GB"),
    (Language, "EN"),
    (Title, ""),
    (Title, "  "),
    (Title, 2001),
    (Title, "two\nlines"),
    (Title, "x" * 81),
    (Timezone, "Europe/Londn"),
    (Timezone, "Europe"),
    (Timezone, "../../etc/passwd"),
    (Timezone, "\x00"),
    (Timezone, 0),
    (Timezone, None),
    (Timezone, []),
]


@pytest.mark.parametrize(("field", "written", "read"), GOOD)
def test_what_fits_is_read(field: Any, written: object, read: str) -> None:
    assert str(TypeAdapter(field).validate_python(written)) == read


@pytest.mark.parametrize(("field", "written"), BAD)
def test_what_does_not_fit_is_refused_with_a_remedy(field: Any, written: object) -> None:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(field).validate_python(written)
    (detail,) = wrong.value.errors()
    assert detail["ctx"]["problem"]
    assert detail["ctx"]["remedy"].endswith((".", "?"))


def test_a_misspelt_time_zone_names_the_right_one() -> None:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(Timezone).validate_python("Europe/Londn")
    assert wrong.value.errors()[0]["ctx"]["remedy"] == "Did you mean `Europe/London`?"


def test_a_choice_must_be_one_of_those_given() -> None:
    check = one_of("loopback", "open").func
    assert check("open") == "open"  # type: ignore[call-arg]
    with pytest.raises(Exception, match="not a choice"):
        check("opne")  # type: ignore[call-arg]


def test_a_list_can_be_asked_not_to_be_empty() -> None:
    assert at_least_one(("a",)) == ("a",)
    with pytest.raises(Exception, match="is empty"):
        at_least_one(())


def test_a_list_that_names_something_twice_is_refused() -> None:
    check = distinct("queue")
    assert check(("a", "b")) == ("a", "b")
    with pytest.raises(Exception, match="names the queue `a` twice"):
        check(("a", "b", "a"))
