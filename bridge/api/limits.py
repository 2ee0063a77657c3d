"""How often somebody may ask: moving windows in memory, one set a controller."""

import math
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bridge.api.problems import Problem
from telephony.clock import Clock

ANY: Final = parse("1200/minute")
CHANGES: Final = parse("240/minute")
# PCI DSS 8.3.4: at most 10 tries, then half an hour.
SIGN_IN: Final = parse("10/30minutes")
SIGN_IN_OF_ONE_ADDRESS: Final = parse("60/minute")
SIGN_IN_OF_ONE_USER: Final = parse("100/30minutes")


class Limits:
    """Counts by whom."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, *whom: str) -> None:
        """Counts a request. Raises Problem (429) when it is one too many."""
        if not self._limiter.hit(limit, *whom):
            again = self._limiter.get_window_stats(limit, *whom).reset_time
            seconds = math.ceil(again - self._clock.now().timestamp())
            raise Problem(
                429,
                "too_many_tries",
                f"That was asked too often. Try again in {max(1, seconds)} s.",
                {"Retry-After": str(max(1, seconds))},
            )

    def forget(self, limit: RateLimitItem, *whom: str) -> None:
        """Begins to count anew."""
        self._limiter.clear(limit, *whom)
