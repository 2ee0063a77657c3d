"""The reconciler: what we believe is compared with what Asterisk has, every few seconds, and what differs is healed.

Much is under way at any moment, so only what differs in the same way at two looks counts. Each healing is a bug of ours
or of Asterisk's that would have cost somebody her call: it is logged and counted.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

import structlog

from telephony.acd.dispatcher import Acd
from telephony.assignment import TALKING, AssignmentState
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.operations import Commands
from telephony.asterisk.strangers import Strangers
from telephony.asterisk.switchboard import Switchboard
from telephony.asterisk.world import World, look
from telephony.clock import Clock
from telephony.leg import Leg, Party
from telephony.lines import Lines
from telephony.stasis import FrontDoor

log = structlog.get_logger()

EVERY: Final = 2.0


class Kind(StrEnum):
    """What can differ."""

    LEG_WITHOUT_CHANNEL = "leg without channel"
    LEG_OF_NO_CALL = "leg of no call"
    CHANNEL_WITHOUT_LEG = "channel without leg"
    BRIDGE_FOR_NOBODY = "bridge for nobody"
    WAITS_WITHOUT_MUSIC = "waits without music"
    AGENT_HELD_BY_NOBODY = "agent held by nobody"
    IDLE_WHILE_SOMEBODY_WAITS = "agent idle while somebody waits"


class Difference(NamedTuple):
    """A kind, and the id of the leg, channel, bridge, contact or assignment."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Mind:
    """What we believe: our legs and those of them that are just being ended or put somewhere, the contacts whose calls
    go on, the bridges that we know or clear away, and the contacts that should hear music."""

    legs: Mapping[str, Leg]
    under_way: Collection[str] = ()
    calls: Mapping[str, Leg] = field(default_factory=dict)
    bridges: Collection[str] = ()
    waiting: Collection[str] = ()


def differences(world: World, mind: Mind) -> Iterator[Difference]:
    """What is in the world and not in our mind, or the other way round. Pure."""
    yield from _of_legs(world, mind)
    for bridge in world.bridges.values():
        orphaned = bridge.contact is not None and bridge.contact not in mind.calls
        if bridge.id not in mind.bridges and (orphaned or bridge.music is not None):
            yield Difference(Kind.BRIDGE_FOR_NOBODY, bridge.id)
    for contact in (each for each in mind.waiting if each in mind.calls):
        leg = mind.calls[contact].id
        room = world.where.get(leg)
        if leg in world.channels and leg not in mind.under_way and (room is None or room.music is None):
            yield Difference(Kind.WAITS_WITHOUT_MUSIC, contact)


def _of_legs(world: World, mind: Mind) -> Iterator[Difference]:
    for id, leg in mind.legs.items():
        made = leg.party is Party.CALLER or leg.ours.done()
        if id not in world.channels and made:
            yield Difference(Kind.LEG_WITHOUT_CHANNEL, id)
        if id in world.channels and leg.contact_id not in mind.calls and id not in mind.under_way:
            yield Difference(Kind.LEG_OF_NO_CALL, id)
    for id in world.channels:
        if world.controlled(id) and id not in mind.legs:
            yield Difference(Kind.CHANNEL_WITHOUT_LEG, id)


class Reconciler:
    """`healed` is told of each difference that was healed, and `healings` counts them."""

    def __init__(
        self,
        clock: Clock,
        commands: Commands,
        app: str,
        lines: Lines,
        switchboard: Switchboard,
        acd: Acd,
        front_door: FrontDoor,
        strangers: Strangers,
        healed: Callable[[str], None],
    ) -> None:
        self._clock, self._commands, self._app, self._lines = clock, commands, app, lines
        self._switchboard, self._acd, self._front_door = switchboard, acd, front_door
        self._strangers, self._healed = strangers, healed
        self._before: frozenset[Difference] = frozenset()
        self.healings: Counter[Kind] = Counter()

    async def run(self, connected: asyncio.Event) -> None:
        """Looks for ever, while connected."""
        while True:
            await self._clock.sleep(EVERY)
            await connected.wait()
            try:
                await self.look()
            except AsteriskError as error:
                self._before = frozenset()
                log.info("reconciled_later", reason=str(error) or type(error).__name__)
            except Exception:
                log.exception("not_reconciled")

    async def look(self) -> None:
        """One look. Raises AsteriskError."""
        world = await look(self._commands, self._app)
        now = frozenset(self._differences(world))
        for difference in sorted(now & self._before):
            await self._try_to_heal(difference, world)
        self._before = now - self._before

    async def _try_to_heal(self, difference: Difference, world: World) -> None:
        if difference not in set(self._differences(world)):
            return  # those before it took a while
        log.error("difference_healed", kind=difference.kind, id=difference.id)
        self.healings[difference.kind] += 1
        self._healed(difference.kind)
        try:
            await self._heal(difference, world)
        except AsteriskError as error:
            log.warning("difference_not_healed", kind=difference.kind, id=difference.id, reason=str(error))

    def _differences(self, world: World) -> Iterator[Difference]:
        calls, board = self._lines.calls, self._switchboard
        legs = {contact: call.leg for contact, call in calls.items()}
        yield from differences(world, Mind(self._lines.legs, board.under_way, legs, board.rooms, self._acd.unoffered()))
        for agent in self._acd.agents.values():
            for part in agent.assignments.values():
                held = part.state in TALKING or part.state is AssignmentState.OFFERED
                if held and part.contact_id not in calls:
                    yield Difference(Kind.AGENT_HELD_BY_NOBODY, part.id)
        if self._acd.overlooks():
            yield Difference(Kind.IDLE_WHILE_SOMEBODY_WAITS, "")

    async def _heal(self, difference: Difference, world: World) -> None:
        id = difference.id
        match difference.kind:
            case Kind.LEG_WITHOUT_CHANNEL:
                self._front_door.lost(id)
            case Kind.CHANNEL_WITHOUT_LEG:
                await self._strangers.send_on(world.channels[id])
            case Kind.BRIDGE_FOR_NOBODY:
                self._switchboard.clear_away(id)
            case Kind.WAITS_WITHOUT_MUSIC if call := self._lines.calls.get(id):
                music = self._acd.unoffered()[id]
                await self._switchboard.hold_again(call.leg, music, lambda: id in self._acd.unoffered())
            case Kind.LEG_OF_NO_CALL:
                self._switchboard.hang_up(self._lines.legs[id])
            case Kind.AGENT_HELD_BY_NOBODY:
                self._acd.let_go(id)
            case Kind.IDLE_WHILE_SOMEBODY_WAITS:
                self._acd.go_on()
