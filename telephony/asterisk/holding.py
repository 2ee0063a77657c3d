"""Where waiting callers stand: many small holding bridges with music of their own, since one big one breaks down."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from telephony.asterisk import operations as op
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.operations import Commands
from telephony.ids import new_id
from telephony.leg import Leg

ROOM: Final = 12


@dataclass(slots=True, eq=False)
class _Bridge:
    id: str
    music: str
    inside: set[str] = field(default_factory=set)


class HoldingBridges:
    """Hands each waiting leg a place in a bridge that plays its music. Empty bridges are kept for the next caller."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._bridges: list[_Bridge] = []
        self._where: dict[str, _Bridge] = {}
        self._making = asyncio.Lock()

    async def enter(self, leg: Leg, music: str) -> None:
        """Puts a leg into a bridge with this music; safe to repeat."""
        if leg.id in self._where:
            return
        bridge = await self._with_room(music)
        bridge.inside.add(leg.id)
        self._where[leg.id] = bridge
        try:
            await self._commands.send(leg.contact_id, op.ADD_TO_BRIDGE, bridge.id, channel=leg.id)
        except AsteriskError:
            self.left(leg)
            raise

    def left(self, leg: Leg) -> str | None:
        """Notes that a leg has gone; returns the bridge where it was, if any."""
        if (bridge := self._where.pop(leg.id, None)) is None:
            return None
        bridge.inside.discard(leg.id)
        return bridge.id

    async def _with_room(self, music: str) -> _Bridge:
        async with self._making:
            for bridge in self._bridges:
                if bridge.music == music and len(bridge.inside) < ROOM:
                    return bridge
            return await self._make(music)

    async def _make(self, music: str) -> _Bridge:
        bridge = _Bridge(f"holding-{new_id()}", music)
        await self._commands.send(bridge.id, op.MAKE_BRIDGE, bridge.id, type="holding", name=f"holding {music}")
        await self._commands.send(bridge.id, op.START_MUSIC, bridge.id, mohClass=music)
        self._bridges.append(bridge)
        return bridge
