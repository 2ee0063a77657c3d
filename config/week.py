"""Opening hours as people write them: `mon-fri: ["09:00-12:30", "13:30-18:00"]`."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import TypeAlias

from config.errors import refuse, shown
from config.hours import Opening, Openings

Week: TypeAlias = dict[str, Openings]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(r"([0-9]{1,2}):([0-5][0-9])\s*-\s*([0-9]{1,2}):([0-5][0-9])")
_REMEDY = 'Write it as "09:00-17:30", in quotes.'


def parse_opening(written: object) -> Opening:
    """One range within a day; refuses reversed ones (inside a pydantic validator)."""
    if isinstance(written, Opening):
        return written
    match = _RANGE.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        refuse(f"is {shown(written)}, which is not a range of hours", _REMEDY)
    hour, minute, end_hour, end_minute = map(int, match.groups())
    return _opening(hour * 60 + minute, end_hour * 60 + end_minute, match.group())


def _opening(start: int, end: int, written: str) -> Opening:
    if max(start, end) > 24 * 60:
        refuse(f"is {shown(written)}, past the end of the day", "A day ends at 24:00.")
    if start >= end:
        remedy = "Begin before the end; for a night write until 24:00, and from 00:00 on the next day."
        refuse(f"is {shown(written)}, which ends before it begins", remedy)
    return Opening(start, end)


def without_overlap(openings: Openings) -> Openings:
    """The ranges of one day in order; refuses overlapping ones."""
    ordered = tuple(sorted(openings))
    for first, second in pairwise(ordered):
        if second.start < first.end:
            refuse(f"has {first} and {second}, which overlap", "Make one range of them.")
    return ordered


def parse_days(written: str) -> str:
    """A key of a week: a day (`sat`), a span (`mon-fri`) or several with commas (`sat, sun`)."""
    for part in written.split(","):
        for day in part.strip().split("-", 1):
            if day.strip() not in DAYS:
                refuse(f"is {shown(written)}, which is not a day", f"Use {', '.join(DAYS)}, or spans as mon-fri.")
    return written


def days_of(written: str) -> tuple[int, ...]:
    """The weekdays (Monday is 0) of a checked key; a span may run over Sunday (`sat-mon`)."""
    spans = ([DAYS.index(day.strip()) for day in part.split("-")] for part in written.split(","))
    return tuple(day for span in spans for day in _span(span[0], span[-1]))


def _span(first: int, last: int) -> Iterator[int]:
    return ((first + step) % 7 for step in range((last - first) % 7 + 1))


def each_day_once(week: Week) -> Week:
    """Refuses a week that writes a day twice (inside a pydantic validator)."""
    days = Counter(day for key in week for day in days_of(key))
    for day, count in days.items():
        if count > 1:
            refuse(f"has {DAYS[day]} twice", f"Leave {DAYS[day]} out of one of its lines.")
    return week


def whole_week(week: Week) -> tuple[Openings, ...]:
    """The openings of Monday to Sunday; a day that is not written is closed."""
    written = {day: openings for key, openings in week.items() for day in days_of(key)}
    return tuple(written.get(day, ()) for day in range(7))


def parse_date(written: object) -> date:
    """A day of the calendar as 2026-12-25 (inside a pydantic validator)."""
    try:
        return datetime.strptime(str(written), "%Y-%m-%d").date()
    except ValueError:
        refuse(f"is {shown(written)}, which is not a date", "Write it as 2026-12-25.")
