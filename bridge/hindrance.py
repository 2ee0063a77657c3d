"""What keeps facts from the disk, told aloud: when it begins, each minute, and when it is over."""

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from telephony.clock import Clock

log = structlog.get_logger()

NEVER: Final = datetime.min.replace(tzinfo=UTC)
TOLD_EVERY: Final = timedelta(minutes=1)


class Hindrance:
    """`since` is None, and `why` empty, as long as the disk takes what it is given. One thread notes, any may read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.since: datetime | None = None
        self.why = ""
        self._told = NEVER

    def met(self, why: str, waiting: int) -> None:
        """A write has failed; so many facts wait in memory."""
        now = self._clock.now()
        self.since, self.why = self.since or now, why
        if now - self._told >= TOLD_EVERY:
            self._told = now
            log.critical("journal_not_written", facts=waiting, reason=why, seconds=_seconds(now - self.since))

    def over(self, waiting: int) -> None:
        """A write has succeeded; so many facts had waited for it."""
        if self.since:
            took = _seconds(self._clock.now() - self.since)
            log.critical("journal_written_again", facts=waiting, seconds=took)
            self.since, self.why, self._told = None, "", NEVER


def _seconds(time: timedelta) -> float:
    return round(time / timedelta(seconds=1), 1)
