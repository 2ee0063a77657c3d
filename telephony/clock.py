"""The only source of time: wall time for what people read, monotonic time for durations, and sleep."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time as the rest of the product sees it; a test hands in one that it moves itself."""

    def now(self) -> datetime:
        """Wall time, aware, in UTC. Never used to order events or to measure."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that no change of the wall clock disturbs."""

    async def sleep(self, seconds: float) -> None:
        """Returns after so many seconds."""


class SystemClock:
    """The machine's own clocks; monotonic time is the event loop's, so timers and durations agree."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def epoch() -> int:
    """Seconds since 1970 by the wall clock, as Asterisk's ${EPOCH} counts them."""
    return int(time.time())
