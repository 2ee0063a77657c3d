"""Opening hours: whether they are open at an instant, and when that next changes. Pure, and safe over DST."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=400)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """Open from `start` until before `end`: minutes of the wall clock since midnight, 0 to 1440."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


Openings: TypeAlias = tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that differs from its weekday; without openings it is closed all day."""

    name: str
    open: Openings = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """A named schedule; `week` holds the openings of Monday to Sunday, `holidays` goes before it."""

    name: str
    timezone: ZoneInfo
    week: tuple[Openings, ...]
    holidays: Mapping[date, Holiday]

    def is_open(self, at: datetime) -> bool:
        """Whether they are open at an aware `at`; ValueError for a naive one."""
        local = _aware(at).astimezone(self.timezone)
        minute = local.hour * 60 + local.minute
        return any(opening.start <= minute < opening.end for opening in self._openings(local.date()))

    def holiday(self, at: datetime) -> Holiday | None:
        """The holiday that an aware `at` falls on, open or not; ValueError for a naive one."""
        return self.holidays.get(_aware(at).astimezone(self.timezone).date())

    def next_change(self, at: datetime) -> datetime | None:
        """The first instant after an aware `at` when they open or close, in UTC; None if not within 400 days."""
        before = self.is_open(at)
        return next((edge for edge in self._candidates(at) if self.is_open(edge) != before), None)

    def _openings(self, day: date) -> Openings:
        holiday = self.holidays.get(day)
        return holiday.open if holiday else self.week[day.weekday()]

    def _candidates(self, at: datetime) -> Iterator[datetime]:
        """Every instant after `at` that can be a change, in order, one UTC day after the other."""
        start = at.astimezone(UTC)
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        while midnight < start + HORIZON:
            tomorrow = midnight + _DAY
            yield from sorted(t for t in self._edges(midnight) if start < t and midnight <= t < tomorrow)
            midnight = tomorrow

    def _edges(self, midnight: datetime) -> Iterator[datetime]:
        """Edges of the local days that touch a UTC day: openings, closings, and shifts of the clock itself."""
        if shift := self._shift(midnight):
            yield shift
        for offset in (-1, 0, 1):
            day = datetime.combine(midnight.date() + timedelta(offset), datetime.min.time(), self.timezone)
            for opening in self._openings(day.date()):
                for minute in (opening.start, opening.end):
                    wall = day + timedelta(minutes=minute)
                    yield from (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))

    def _shift(self, midnight: datetime) -> datetime | None:
        """The instant within a UTC day when the local clock is put forward or back, if any."""
        low, high = midnight - _SECOND, midnight + _DAY - _SECOND
        if self._offset(low) == self._offset(high):
            return None
        while high - low > _SECOND:
            middle = low + (high - low) // 2 // _SECOND * _SECOND
            low, high = (middle, high) if self._offset(middle) == self._offset(low) else (low, middle)
        return high

    def _offset(self, instant: datetime) -> timedelta | None:
        return instant.astimezone(self.timezone).utcoffset()


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("opening hours need an aware datetime")
    return at


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
