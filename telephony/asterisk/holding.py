"""Where waiting callers stand: many small holding bridges with music of their own, since one big one breaks down."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import structlog

from telephony.asterisk import operations as op
from telephony.asterisk.errors import AsteriskError, Fenced, NotFound
from telephony.asterisk.operations import Commands
from telephony.ids import new_id
from telephony.leg import Leg
from telephony.tasks import TaskSet

log = structlog.get_logger()

ROOM: Final = 12
NAME: Final = "holding "


@dataclass(slots=True, eq=False)
class _Bridge:
    id: str
    music: str
    inside: set[str] = field(default_factory=set)


class Clearance:
    """Destroys bridges that nobody needs; `going` are those that it is at."""

    def __init__(self, commands: Commands, tasks: TaskSet) -> None:
        self._commands, self._tasks = commands, tasks
        self.going: set[str] = set()

    def begin(self, bridge: str, key: str = "") -> None:
        """Returns at once. `key` is that of the commands after which this one comes."""
        self.going.add(bridge)
        self._tasks.spawn(self._destroy(bridge, key or bridge), f"destroy {bridge}")

    async def _destroy(self, bridge: str, key: str) -> None:
        """Tried twice, and never an error."""
        try:
            for last in (False, True):
                if await self._is_gone(bridge, key, last):
                    return
        finally:
            self.going.discard(bridge)

    async def _is_gone(self, bridge: str, key: str, last: bool) -> bool:
        try:
            await self._commands.send(key, op.DESTROY_BRIDGE, bridge)
        except (NotFound, Fenced):
            return True
        except AsteriskError as error:
            if last:
                log.warning("bridge_not_destroyed", bridge=bridge, reason=str(error))
            return False
        return True


class HoldingBridges:
    """Hands each waiting leg a place in a bridge that plays its music.

    A bridge goes with its last leg: Asterisk ends the music of an empty one and does not start it again."""

    def __init__(self, commands: Commands, clearance: Clearance) -> None:
        self._commands, self._clearance = commands, clearance
        self._bridges: list[_Bridge] = []
        self._where: dict[str, _Bridge] = {}
        self._entering: set[str] = set()
        self._making = asyncio.Lock()

    async def enter(self, leg: Leg, music: str, still: Callable[[], bool] = lambda: True) -> None:
        """Puts a leg into a bridge with this music, if it `still` should when there is a place; safe to repeat. Raises
        AsteriskError."""
        if leg.id in self._where:
            return
        self._entering.add(leg.id)
        try:
            bridge = await self._take_place(leg, music)
            if still():
                await self._commands.send(leg.contact_id, op.ADD_TO_BRIDGE, bridge.id, channel=leg.id)
            else:
                self.left(leg)
        except NotFound:
            self._forget(leg)
            raise
        except AsteriskError:
            self.left(leg)
            raise
        finally:
            self._entering.discard(leg.id)

    @property
    def entering(self) -> frozenset[str]:
        """The legs that are just being put into a bridge."""
        return frozenset(self._entering)

    def _forget(self, leg: Leg) -> None:
        """Her bridge is not there: nobody else is sent into it, and who stood in it is found without music."""
        if bridge := self._where.get(leg.id):
            for id in bridge.inside:
                self._where.pop(id, None)
            self._bridges.remove(bridge)
            self._destroy(bridge)

    def take_up(self, id: str, music: str, legs: Iterable[Leg]) -> None:
        """A bridge that an earlier controller made, and who waits in it."""
        bridge = _Bridge(id, music, {leg.id for leg in legs})
        self._bridges.append(bridge)
        self._where |= dict.fromkeys(bridge.inside, bridge)

    @property
    def rooms(self) -> frozenset[str]:
        """The bridges that we know of."""
        return frozenset(bridge.id for bridge in self._bridges)

    def left(self, leg: Leg) -> str | None:
        """Notes that a leg has gone; returns the bridge where it was, if any."""
        if (bridge := self._where.pop(leg.id, None)) is None:
            return None
        bridge.inside.discard(leg.id)
        if not bridge.inside:
            self._bridges.remove(bridge)
            self._destroy(bridge)
        return bridge.id

    async def _take_place(self, leg: Leg, music: str) -> _Bridge:
        async with self._making:
            free = (each for each in self._bridges if each.music == music and len(each.inside) < ROOM)
            bridge = next(free, None) or await self._make(music)
            bridge.inside.add(leg.id)
            self._where[leg.id] = bridge
            return bridge

    async def _make(self, music: str) -> _Bridge:
        bridge = _Bridge(f"holding-{new_id()}", music)
        self._bridges.append(bridge)
        try:
            await self._commands.send(bridge.id, op.MAKE_BRIDGE, bridge.id, type="holding", name=f"{NAME}{music}")
            await self._commands.send(bridge.id, op.START_MUSIC, bridge.id, mohClass=music)
        except BaseException:
            self._bridges.remove(bridge)
            self._destroy(bridge)
            raise
        return bridge

    def _destroy(self, bridge: _Bridge) -> None:
        self._clearance.begin(bridge.id)
