"""The beat by which the dialplan knows that the controller is alive: the time, written once a second."""

import asyncio
from typing import Final

import structlog

from telephony.asterisk import operations as op
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.operations import Commands
from telephony.clock import Clock, epoch

log = structlog.get_logger()

BEAT: Final = "THROUGHLINE_BEAT"
EVERY: Final = 1.0


class Heartbeat:
    """Writes the beat."""

    def __init__(self, commands: Commands, clock: Clock) -> None:
        self._commands, self._clock = commands, clock
        self.beating = asyncio.Event()

    async def run(self, connected: asyncio.Event) -> None:
        """Beats while connected, for ever."""
        while True:
            await connected.wait()
            try:
                await self._commands.send("", op.SET_GLOBAL, variable=BEAT, value=str(epoch()))
                self.beating.set()
            except AsteriskError as error:
                log.warning("beat_missed", reason=str(error))
            await self._clock.sleep(EVERY)
