"""A disk that takes nothing is told at once, each minute, and when it takes all again."""

from datetime import UTC, datetime, timedelta

from bridge.hindrance import Hindrance
from telephony.clock import SystemClock
from tests.bridge.conftest import Logged

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Wall(SystemClock):
    """A clock on the wall, moved by hand."""

    at = NINE

    def now(self) -> datetime:
        return self.at


def test_it_is_told_at_once_each_minute_and_at_its_end(logged: Logged) -> None:
    wall = Wall()
    hindrance = Hindrance(wall)
    hindrance.over(0)
    for half_seconds in range(301):
        wall.at = NINE + timedelta(seconds=half_seconds / 2)
        hindrance.met("disk full", 10 + half_seconds)
    assert (hindrance.since, hindrance.why) == (NINE, "disk full")
    hindrance.over(311)
    assert (hindrance.since, hindrance.why) == (None, "")
    assert [(line["facts"], line["seconds"]) for line in logged.of("journal_not_written")] == [
        (10, 0),
        (130, 60),
        (250, 120),
    ]
    assert [(line["facts"], line["seconds"]) for line in logged.of("journal_written_again")] == [(311, 150)]
    hindrance.met("disk full", 1)
    assert len(logged.of("journal_not_written")) == 4
