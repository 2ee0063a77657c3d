"""Callers whose phone died without a word: each line is asked now and then whether it is still there.

A device that offers session timers (RFC 4028) names their interval itself, half an hour and more as a rule, and one
that offers none would never be missed. A refresh that nobody answers ends the leg after a minute; one that is refused
shows that somebody is there.
"""

from typing import Final

import structlog

from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.switchboard import Switchboard
from telephony.clock import Clock
from telephony.leg import LegState, Party
from telephony.lines import Lines

log = structlog.get_logger()

EVERY: Final = 30.0
LOOKS_EVERY: Final = 1.0


class LifeSigns:
    """Asks each caller's line every half minute."""

    def __init__(self, clock: Clock, lines: Lines, switchboard: Switchboard) -> None:
        self._clock, self._lines, self._switchboard = clock, lines, switchboard
        self._due: dict[str, float] = {}

    async def run(self) -> None:
        """Asks for ever."""
        while True:
            await self._clock.sleep(LOOKS_EVERY)
            await self.ask()

    async def ask(self) -> None:
        """Asks those whose half minute is over."""
        now = self._clock.monotonic()
        up = [leg for leg in self._lines.legs.values() if leg.party is Party.CALLER and leg.state is LegState.UP]
        self._due = {leg.id: self._due.get(leg.id, now + EVERY) for leg in up}
        for leg in up:
            if self._due[leg.id] <= now:
                self._due[leg.id] = now + EVERY
                try:
                    await self._switchboard.ask_for_life(leg)
                except AsteriskError as error:
                    log.debug("line_not_asked", leg=leg.id, reason=str(error))
