"""Channels that an earlier controller left behind: who waits is taken up anew, who talks is left to talk."""

from collections.abc import Callable, Collection
from typing import Final

import msgspec
import structlog

from telephony.asterisk import operations as op
from telephony.asterisk.ari_events import Channel
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.operations import Commands
from telephony.clock import Clock

log = structlog.get_logger()

GUARD: Final = "guard"
# A caller who has just come is a stranger only until her StasisStart is read.
NEWS_WITHIN: Final = 0.5


class _Bridge(msgspec.Struct):
    id: str
    bridge_type: str
    channels: tuple[str, ...] = ()


class Strangers:
    """The channels of our application that this controller did not make or meet. `on_talks` is told whose accounts
    talk in calls that this controller did not begin, each time that this may have changed."""

    def __init__(self, commands: Commands, app: str, clock: Clock, on_talks: Callable[[Collection[str]], None]) -> None:
        self._commands, self._app, self._clock, self._on_talks = commands, app, clock, on_talks

    async def take_up(self, known: Collection[str]) -> None:
        """After a connect: callers go through the guard again, and so to us; legs that nobody needs end.

        Raises AsteriskError when even the lists cannot be had."""
        seen = {channel.id for channel in await self._channels()} - set(known)
        await self._see_talks(known)
        await self._clock.sleep(NEWS_WITHIN)
        talking = await self._see_talks(known)
        for channel in await self._channels():
            if channel.id in seen and channel.id not in known and channel.id not in talking:
                await self._take_up(channel)

    async def end_talk(self, known: Collection[str]) -> None:
        """After one of two who talked has left: the other one's leg ends too. Raises AsteriskError."""
        for bridge in filter(_ours, await self._bridges()):
            if len(members := _members(bridge)) == 1 and members[0] not in known:
                await self._try(op.HANG_UP, members[0])
                await self._try(op.DESTROY_BRIDGE, bridge.id)
        await self._see_talks(known)

    async def _see_talks(self, known: Collection[str]) -> set[str]:
        """The legs that talk; tells `on_talks` the accounts of those that are not ours."""
        talking = {id for bridge in await self._bridges() if len(bridge.channels) > 1 for id in _members(bridge)}
        strangers = [each for each in await self._channels() if each.id in talking and each.id not in known]
        self._on_talks({_account(each) for each in strangers})
        return talking

    async def _take_up(self, channel: Channel) -> None:
        match channel.dialplan.app_data.split(","):
            case [self._app, "inbound", dialled]:
                log.info("caller_taken_up", channel=channel.id)
                await self._try(op.CONTINUE, channel.id, context=GUARD, extension=dialled, priority=1)
            case [self._app, *_]:
                await self._try(op.HANG_UP, channel.id)

    async def _try(self, operation: op.Operation, id: str, **fields: str | int) -> None:
        """Strangers may go at any moment: what is not there any more needs nothing."""
        try:
            await self._commands.send("", operation, id, **fields)
        except AsteriskError as error:
            log.debug("stranger_gone", id=id, reason=str(error))

    async def _bridges(self) -> list[_Bridge]:
        return msgspec.json.decode(await self._commands.send("", op.BRIDGES), type=list[_Bridge])

    async def _channels(self) -> list[Channel]:
        return msgspec.json.decode(await self._commands.send("", op.CHANNELS), type=list[Channel])


def _account(channel: Channel) -> str:
    """`ana` for the channel PJSIP/ana-0000002a."""
    return channel.name.partition("/")[2].rpartition("-")[0]


def _ours(bridge: _Bridge) -> bool:
    """An Asterisk that is not ours alone has bridges of others."""
    return bridge.id.startswith("join-")


def _members(bridge: _Bridge) -> tuple[str, ...]:
    return bridge.channels if bridge.bridge_type == "mixing" else ()
