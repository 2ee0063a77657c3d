"""Channels under our control that no record knows: callers go through the guard again, other legs end."""

from collections.abc import Collection
from typing import Final

import structlog

from telephony.asterisk import operations as op
from telephony.asterisk.ari_events import Channel
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.operations import Commands
from telephony.asterisk.world import World, look
from telephony.clock import Clock

log = structlog.get_logger()

GUARD: Final = "guard"
AGENTS: Final = "agents"
# A caller who has just come is a stranger only until her StasisStart is read.
NEWS_WITHIN: Final = 0.5


class Strangers:
    """The channels of our application that this controller neither made, met nor took up."""

    def __init__(self, commands: Commands, app: str, clock: Clock) -> None:
        self._commands, self._app, self._clock = commands, app, clock

    async def see_to(self, before: World, known: Collection[str]) -> None:
        """Sends on those who were strangers `before` and still are. Raises AsteriskError when even the lists cannot be
        had."""
        if not (seen := {id for id in before.channels if before.controlled(id)} - set(known)):
            return
        await self._clock.sleep(NEWS_WITHIN)
        world = await look(self._commands, self._app)
        for id in (id for id in seen if id not in known and world.controlled(id)):
            await self.send_on(world.channels[id])

    async def send_on(self, channel: Channel) -> None:
        """Sends a stranger on: to the guard, to the service code that she dialled, or out."""
        log.info("stranger_sent_on", channel=channel.id)
        match channel.dialplan.app_data.split(","):
            case [_, "inbound", dialled]:
                await self._try(op.CONTINUE, channel.id, context=GUARD, extension=dialled, priority=1)
            case [_, "service", dialled, _]:
                await self._try(op.CONTINUE, channel.id, context=AGENTS, extension=dialled, priority=1)
            case _:
                await self._try(op.HANG_UP, channel.id)

    async def _try(self, operation: op.Operation, id: str, **fields: str | int) -> None:
        """Strangers may go at any moment: what is not there any more needs nothing."""
        try:
            await self._commands.send("", operation, id, **fields)
        except AsteriskError as error:
            log.debug("stranger_gone", id=id, reason=str(error))
