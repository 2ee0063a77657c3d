"""The world as Asterisk has it now: the truth for whoever was away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec

from telephony.asterisk import operations as op
from telephony.asterisk.ari_events import Channel
from telephony.asterisk.errors import Refused
from telephony.asterisk.holding import NAME
from telephony.asterisk.operations import Commands
from telephony.asterisk.switchboard import JOINS, PLACE
from telephony.ticket import Ticket

SERVED: Final = "THROUGHLINE_SERVED"


class Bridge(msgspec.Struct, frozen=True):
    """A bridge and the channels in it."""

    id: str
    name: str = ""
    bridge_type: str = ""
    channels: tuple[str, ...] = ()

    @property
    def music(self) -> str | None:
        """What who waits in it hears; None when nobody waits in it for us."""
        ours = self.bridge_type == "holding" and self.name.startswith(NAME)
        return self.name.removeprefix(NAME) if ours else None

    @property
    def contact(self) -> str | None:
        """Whose talk it is; None when it is none of ours."""
        return self.id.removeprefix(JOINS) if self.id.startswith(JOINS) else None


class _Variable(msgspec.Struct):
    value: str = ""


class _Status(msgspec.Struct):
    startup_time: datetime


class _Info(msgspec.Struct):
    status: _Status


@dataclass(frozen=True)
class World:
    """All channels and bridges by their ids, and when this Asterisk was started. `answered` are legs of agents that
    are gone and had been answered, as far as their callers are there."""

    app: str
    started: datetime
    channels: Mapping[str, Channel] = field(default_factory=dict)
    bridges: Mapping[str, Bridge] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()

    def controlled(self, id: str) -> bool:
        """Whether a channel is there, and under our control."""
        if id not in self.channels:
            return False
        inside = self.channels[id].dialplan
        return inside.app_name == "Stasis" and inside.app_data.split(",")[0] == self.app

    def rings_or_talks(self, id: str) -> bool:
        """Whether a leg that we made has been rung."""
        return id in self.channels and self.channels[id].state != "Down"

    @cached_property
    def where(self) -> Mapping[str, Bridge]:
        """The bridge of each channel that is with others, or waits."""
        return {id: bridge for bridge in self.bridges.values() for id in bridge.channels}

    def arguments(self, id: str) -> list[str]:
        """With which words a channel came under our control; none where it is not."""
        return self.channels[id].dialplan.app_data.split(",")[1:] if self.controlled(id) else []

    def together(self, contact: str, *legs: str) -> bool:
        """Whether these legs are in the talk of a contact."""
        bridge = self.bridges.get(f"{JOINS}{contact}")
        return bridge is not None and set(legs) <= set(bridge.channels)


async def with_answers(commands: Commands, world: World, offers: Mapping[str, str]) -> World:
    """The same world, and which of these agents' legs (by their callers' legs) were answered before they went. Raises
    AsteriskError."""
    gone = [(caller, leg) for caller, leg in offers.items() if leg not in world.channels and world.controlled(caller)]
    answered = {leg for caller, leg in gone if await _last_answer(commands, caller) == leg}
    return replace(world, answered=frozenset(answered))


async def tickets(commands: Commands, callers: Iterable[str]) -> dict[str, Ticket | None]:
    """Those of callers, by their channels; None for who has none. Raises AsteriskError."""
    return {id: Ticket.read(await _variable(commands, id, PLACE)) for id in callers}


async def _last_answer(commands: Commands, caller: str) -> str:
    """The leg that said last to its caller that it had been answered; her own variable, set by the dialplan."""
    return await _variable(commands, caller, f"SHARED({SERVED})")


async def _variable(commands: Commands, channel: str, name: str) -> str:
    """Empty where it is not set, or the channel has gone."""
    try:
        said = await commands.send(channel, op.GET_VARIABLE, channel, variable=name)
    except Refused:
        return ""
    return msgspec.json.decode(said, type=_Variable).value


async def look(commands: Commands, app: str) -> World:
    """Looks at all of it. Raises AsteriskError."""
    channels = msgspec.json.decode(await commands.send("", op.CHANNELS), type=list[Channel])
    bridges = msgspec.json.decode(await commands.send("", op.BRIDGES), type=list[Bridge])
    started = msgspec.json.decode(await commands.send("", op.INFO), type=_Info).status.startup_time
    return World(app, started, {each.id: each for each in channels}, {each.id: each for each in bridges})
