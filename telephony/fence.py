"""The fence: whether this controller may still act. One that may not sends no command and tells no fact."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from telephony.clock import Clock

log = structlog.get_logger()

LOOKS_EVERY: Final = 0.5
LONGEST_STALL: Final = 2.0


class Fence:
    """Falls once and for good: when another controller has taken over, or when this one stood still for over two
    seconds. What it knows is then out of date, and so are its timers: it ends, and one that reads the world anew goes
    on. Stalls count while `watch` runs. `fallen` tells that it is time to end, `taken_over` that another controller
    has our place."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: float | None = None
        self.fallen = asyncio.Event()
        self.reason = ""
        self.taken_over = False

    @property
    def stands(self) -> bool:
        """Whether we may act; asked before each command and each fact, so that no timer comes before it."""
        if self.fallen.is_set():
            return False
        stall = self._clock.monotonic() - self._seen if self._seen is not None else 0.0
        if stall > LONGEST_STALL:
            self.drop(f"the controller stood still for {stall:.1f} s")
        return stall <= LONGEST_STALL

    def replaced(self) -> None:
        """Another controller has taken our place."""
        self.taken_over = True
        self.drop("another controller has taken over")

    def drop(self, reason: str) -> None:
        """From now on this controller does nothing more."""
        if not self.fallen.is_set():
            self.reason = reason
            self.fallen.set()
            log.warning("controller_fenced", reason=reason)

    async def watch(self, late: Callable[[float], None]) -> None:
        """Looks for ever whether the event loop stands still; `late` is told by how many seconds it came too late."""
        while self.stands:
            self._seen = now = self._clock.monotonic()
            await self._clock.sleep(LOOKS_EVERY)
            late(max(0.0, self._clock.monotonic() - now - LOOKS_EVERY))
