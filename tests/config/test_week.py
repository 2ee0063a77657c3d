"""Opening hours as people write them."""

from datetime import date

import pytest
from pydantic_core import PydanticCustomError

from config.hours import Opening
from config.week import days_of, each_day_once, parse_date, parse_days, parse_opening, whole_week, without_overlap

MORNING, AFTERNOON = Opening(9 * 60, 12 * 60 + 30), Opening(13 * 60 + 30, 18 * 60)


@pytest.mark.parametrize(
    ("written", "opening"),
    [
        ("09:00-12:30", MORNING),
        (" 9:00 - 12:30 ", MORNING),
        ("00:00-24:00", Opening(0, 1440)),
        ("23:59-24:00", Opening(1439, 1440)),
    ],
)
def test_openings(written: str, opening: Opening) -> None:
    assert parse_opening(written) == opening


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("18:00-09:00", "ends before it begins"),
        ("22:00-02:00", "ends before it begins"),
        ("09:00-09:00", "ends before it begins"),
        ("09:00-24:30", "past the end of the day"),
        ("25:00-26:00", "past the end of the day"),
        ("9-17", "not a range of hours"),
        ("09:60-10:00", "not a range of hours"),
        ("09:00", "not a range of hours"),
        ("", "not a range of hours"),
        (540, "not a range of hours"),
        (None, "not a range of hours"),
    ],
)
def test_what_is_no_opening_is_refused(written: object, problem: str) -> None:
    with pytest.raises(PydanticCustomError, match=problem):
        parse_opening(written)


def test_openings_of_a_day_are_put_in_order_and_may_touch() -> None:
    assert without_overlap((AFTERNOON, MORNING)) == (MORNING, AFTERNOON)
    assert without_overlap((Opening(0, 60), Opening(60, 120))) == (Opening(0, 60), Opening(60, 120))


@pytest.mark.parametrize("other", [Opening(0, 541), Opening(600, 700), MORNING, Opening(0, 1440)])
def test_overlapping_openings_are_refused(other: Opening) -> None:
    with pytest.raises(PydanticCustomError, match=r"09:00-12:30.*overlap|and 09:00-12:30"):
        without_overlap((MORNING, other))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon", (0,)),
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat-mon", (5, 6, 0)),
        ("tue - thu", (1, 2, 3)),
        ("sat, sun", (5, 6)),
        ("mon-tue,sun", (0, 1, 6)),
    ],
)
def test_days(written: str, days: tuple[int, ...]) -> None:
    assert days_of(parse_days(written)) == days


@pytest.mark.parametrize("written", ["", "monday", "Mon", "mon-", "-fri", "mon-tue-wed", "mon,,tue", "mon/fri"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(PydanticCustomError, match="not a day"):
        parse_days(written)


def test_a_day_written_twice_is_refused() -> None:
    with pytest.raises(PydanticCustomError, match="has wed twice"):
        each_day_once({"mon-fri": (MORNING,), "wed": ()})


def test_a_day_that_is_not_written_is_closed() -> None:
    week = whole_week(each_day_once({"mon-thu": (MORNING,), "sat": (AFTERNOON,), "fri": ()}))
    assert week == ((MORNING,), (MORNING,), (MORNING,), (MORNING,), (), (AFTERNOON,), ())


def test_dates() -> None:
    assert parse_date("2026-12-25") == date(2026, 12, 25)
    for written in ("2026-02-30", "25.12.2026", "christmas", "1700000000", "", None):
        with pytest.raises(PydanticCustomError, match="not a date"):
            parse_date(written)
