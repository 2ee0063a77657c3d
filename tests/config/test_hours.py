"""Opening hours against a naive model that looks at every minute, above all where clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.hours import Holiday, Hours, Opening

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
SHOP = Hours(
    "shop",
    LONDON,
    (*((Opening(540, 750), Opening(810, 1080)),) * 5, (Opening(600, 960),), ()),
    {
        date(2026, 12, 24): Holiday("Christmas Eve", (Opening(540, 750),)),
        date(2026, 12, 25): Holiday("Christmas Day"),
    },
)
# A zone and a day on which its clock changes: by an hour, by half an hour, at midnight, by a whole day, not at all.
SHIFTS = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
]


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        (at("2026-06-01 08:59:59.999999"), False),
        (at("2026-06-01 09:00"), True),
        (at("2026-06-01 12:29:59.999999"), True),
        (at("2026-06-01 12:30"), False),
        (at("2026-06-06 12:30"), True),
        (at("2026-06-07 12:00"), False),
        (at("2026-12-24 12:00"), True),
        (at("2026-12-24 14:00"), False),
        (at("2026-12-25 12:00"), False),
        (datetime(2026, 6, 1, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), False),
        (datetime(2026, 6, 1, 18, 0, tzinfo=ZoneInfo("Asia/Tokyo")), True),
    ],
)
def test_open_or_closed(instant: datetime, is_open: bool) -> None:
    assert SHOP.is_open(instant) == is_open


@pytest.mark.parametrize(
    ("instant", "change"),
    [
        (at("2026-06-01 03:00"), at("2026-06-01 09:00")),
        (at("2026-06-01 09:00"), at("2026-06-01 12:30")),
        (at("2026-06-01 18:00"), at("2026-06-02 09:00")),
        (at("2026-06-06 16:00"), at("2026-06-08 09:00")),
        (at("2026-12-24 12:30"), at("2026-12-26 10:00")),
    ],
)
def test_the_next_change(instant: datetime, change: datetime) -> None:
    assert SHOP.next_change(instant) == change


def always(*openings: Opening, zone: ZoneInfo = LONDON) -> Hours:
    return Hours("always", zone, (openings,) * 7, {})


@pytest.mark.parametrize(
    ("instant", "name"),
    [
        (at("2026-12-24 23:59"), "Christmas Eve"),
        (at("2026-12-25 00:00"), "Christmas Day"),
        (datetime(2026, 12, 26, 8, 0, tzinfo=ZoneInfo("Asia/Tokyo")), "Christmas Day"),
        (at("2026-12-26 00:00"), None),
        (at("2026-06-01 12:00"), None),
    ],
)
def test_a_holiday_is_a_day_of_their_own_clock(instant: datetime, name: str | None) -> None:
    holiday = SHOP.holiday(instant)
    assert (holiday.name if holiday else None) == name


@pytest.mark.parametrize("hours", [always(), always(Opening(0, 1440)), always(Opening(0, 700), Opening(700, 1440))])
def test_what_never_changes_has_no_next_change(hours: Hours) -> None:
    assert hours.next_change(at("2026-06-01 12:00")) is None


def test_an_hour_that_the_clock_repeats_is_open_twice() -> None:
    night = always(Opening(75, 105))
    changes = [at("2026-10-24 12:00")]
    for _ in range(4):
        changes.append(night.next_change(changes[-1]) or changes[-1])
    assert [f"{change.astimezone(LONDON):%H:%M %Z}" for change in changes[1:]] == [
        "01:15 BST",
        "01:45 BST",
        "01:15 GMT",
        "01:45 GMT",
    ]


def test_an_hour_that_the_clock_skips_is_not_open() -> None:
    night = always(Opening(75, 105))
    assert night.next_change(at("2026-03-29 00:00")) == at("2026-03-30 01:15")
    assert always(Opening(75, 180)).next_change(at("2026-03-29 00:00")) == at("2026-03-29 02:00")


def test_a_naive_instant_is_refused() -> None:
    for question in (SHOP.is_open, SHOP.next_change):
        with pytest.raises(ValueError, match="aware"):
            question(datetime(2026, 6, 1))


def naive_is_open(hours: Hours, instant: datetime) -> bool:
    wall = instant.astimezone(hours.timezone).strftime("%Y-%m-%d %H:%M %w")
    day, clock, weekday = wall.split()
    holiday = {str(d): h for d, h in hours.holidays.items()}.get(day)
    openings = holiday.open if holiday else hours.week[(int(weekday) + 6) % 7]
    return any(str(o).split("-")[0] <= clock < str(o).split("-")[1] for o in openings)


def naive_next_change(hours: Hours, instant: datetime, days: int) -> datetime | None:
    before, minute = naive_is_open(hours, instant), instant.replace(second=0, microsecond=0)
    for _ in range(days * 24 * 60):
        minute += MINUTE
        if naive_is_open(hours, minute) != before:
            return minute
    return None


@st.composite
def openings(draw: st.DrawFn) -> tuple[Opening, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 24 * 12).map(lambda n: 5 * n), max_size=6)))
    return tuple(Opening(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Hours, datetime]:
    zone, day = draw(st.sampled_from(SHIFTS))
    week = tuple(draw(openings()) for _ in range(7))
    holidays = {day + timedelta(draw(st.integers(-1, 1))): Holiday("day", draw(openings()))}
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    seconds = draw(st.integers(-24 * 3600, 30 * 3600))
    return Hours("any", ZoneInfo(zone), week, holidays), start + timedelta(seconds=seconds)


@settings(max_examples=120, deadline=None)
@given(schedules())
@example((always(Opening(60, 90)), at("2026-10-25 00:30").astimezone(UTC)))
@example((always(Opening(0, 1440), zone=ZoneInfo("Pacific/Apia")), datetime(2011, 12, 29, 23, tzinfo=UTC)))
def test_hours_equal_the_naive_model_around_every_shift_of_the_clock(case: tuple[Hours, datetime]) -> None:
    hours, instant = case
    assert hours.is_open(instant) == naive_is_open(hours, instant)
    change, expected = hours.next_change(instant), naive_next_change(hours, instant, days=2)
    if expected is None:
        assert change is None or change > instant + timedelta(days=2) - MINUTE
    else:
        assert change == expected
