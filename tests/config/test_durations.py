"""Durations as people write them."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from config.durations import Seconds, between, parse_seconds, spoken

SECONDS: TypeAdapter[float] = TypeAdapter(Seconds)
RING_TIME: TypeAdapter[float] = TypeAdapter(Annotated[Seconds, between(5, 120)])


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("20 s", 20),
        ("20s", 20),
        ("0 s", 0),
        ("1.5 s", 1.5),
        ("45 sec", 45),
        ("2 min", 120),
        ("1 h 30 min", 5400),
        ("1h30min", 5400),
        ("1 H 30 Min", 5400),
        ("2 d", 172800),
        ("20", 20),
        (20, 20),
        (0.5, 0.5),
    ],
)
def test_durations(written: object, seconds: float) -> None:
    assert SECONDS.validate_python(written) == seconds


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "20 m", "20 seconds", "s", "-5 s", "1,5 s", "1:30", "1 h and 2 min", "9" * 5000, "1 s" * 99),
        *(-5, float("nan"), float("inf"), True, None, [20], {}),
    ],
)
def test_what_is_no_duration_is_refused_with_a_remedy(written: object) -> None:
    with pytest.raises(ValidationError) as wrong:
        SECONDS.validate_python(written)
    (detail,) = wrong.value.errors()
    assert "not a duration" in detail["msg"]
    assert "`20 s`" in detail["ctx"]["remedy"]


@pytest.mark.parametrize("written", ["5 s", "2 min", 119.9])
def test_both_bounds_are_allowed(written: object) -> None:
    assert 5 <= RING_TIME.validate_python(written) <= 120


@pytest.mark.parametrize(("written", "said"), [("4.9 s", "4.9 s"), ("1 h", "1 h"), (121, "2 min 1 s")])
def test_a_duration_out_of_bounds_names_them(written: object, said: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        RING_TIME.validate_python(written)
    context = wrong.value.errors()[0]["ctx"]
    assert context["problem"] == f"is {said}, outside its limits"
    assert context["remedy"] == "Write a duration from 5 s to 2 min."


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (20, "20 s"), (90, "1 min 30 s"), (5400, "1 h 30 min"), (86400, "24 h")]
)
def test_seconds_are_spoken_as_they_are_written(seconds: float, said: str) -> None:
    assert spoken(seconds) == said


@given(st.integers(0, 10**6))
def test_what_is_spoken_can_be_written(seconds: int) -> None:
    assert parse_seconds(spoken(seconds)) == seconds
