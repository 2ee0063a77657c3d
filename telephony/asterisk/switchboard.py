"""What can be done to legs, in the product's words; the only place that knows channels and bridges."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from telephony.asterisk import operations as op
from telephony.asterisk.causes import NORMAL
from telephony.asterisk.errors import AsteriskError, Fenced, NotFound
from telephony.asterisk.holding import Clearance, HoldingBridges
from telephony.asterisk.operations import Commands
from telephony.leg import Leg
from telephony.tasks import TaskSet

log = structlog.get_logger()

PLACE: Final = "THROUGHLINE_PLACE"
# All sound passes through Asterisk's core. Were packets handed straight across, each phone would meet the other's
# sequence numbers, and phones drop half a second and more after such a jump when the numbers fall badly.
JOIN: Final = "mixing,proxy_media"
JOINS: Final = "join-"
REFRESH: Final = "PJSIP_SEND_SESSION_REFRESH()"
CALLER: Final = "THROUGHLINE_CALLER"
PROMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class Playing:
    """A playback under way; `over` is done at its end, and tells whether it went well."""

    id: str
    over: asyncio.Future[bool]


class Switchboard:
    """Commands on legs. Those of one contact keep their order. Errors are those of CommandSocket.request."""

    def __init__(self, commands: Commands, app: str) -> None:
        self._commands, self._app = commands, app
        self._joins: set[str] = set()
        self._hanging_up: set[str] = set()
        self._playing: dict[str, Playing] = {}
        self._tasks = TaskSet("switchboard")
        self._clearance = Clearance(commands, self._tasks)
        self._holding = HoldingBridges(commands, self._clearance)

    async def answer(self, leg: Leg) -> None:
        """Answers a ringing caller."""
        await self._commands.send(leg.contact_id, op.ANSWER, leg.id)

    async def play(self, leg: Leg, media: Path) -> Playing:
        """Starts to play a file (8 kHz 16-bit mono WAV) to one leg."""
        leg.prompts += 1
        playing = Playing(_prompt_of(leg, leg.prompts), asyncio.get_running_loop().create_future())
        self._playing[playing.id] = playing
        playing.over.add_done_callback(lambda _: self._playing.pop(playing.id, None))
        try:
            await self._commands.send(leg.contact_id, op.PLAY, leg.id, playing.id, media=_media(media))
        except AsteriskError:
            playing.over.cancel()
            raise
        return playing

    async def stop(self, leg: Leg, playing: Playing) -> None:
        """Stops a playback; one that has ended already is no error."""
        playing.over.cancel()
        try:
            await self._commands.send(leg.contact_id, op.STOP_PLAYBACK, playing.id)
        except NotFound:
            log.debug("playback_already_over", playback=playing.id)

    async def silence(self, leg: Leg) -> None:
        """Stops what an earlier controller plays to a leg. Its end is still to be told, so its name is not the next."""
        for number in range(PROMPTS):
            with suppress(NotFound):
                await self._commands.send(leg.contact_id, op.STOP_PLAYBACK, _prompt_of(leg, number))
                leg.prompts = number

    def take_up_join(self, contact: str, needed: bool) -> None:
        """The join of a contact, made by an earlier controller; one that is needed no more goes."""
        if needed:
            self._joins.add(_join(contact))
        else:
            self.clear_away(_join(contact))

    def take_up_room(self, id: str, music: str, legs: Sequence[Leg]) -> None:
        """A bridge in which these legs wait, made by an earlier controller; one without any goes."""
        if legs:
            self._holding.take_up(id, music, legs)
        else:
            self.clear_away(id)

    def played(self, id: str, failed: bool) -> None:
        """Notes the end of a playback."""
        if (playing := self._playing.get(id)) and not playing.over.done():
            playing.over.set_result(not failed)

    def hang_up(self, leg: Leg, cause: int = NORMAL) -> None:
        """Ends a leg soon: returns at once, so that it serves while a task is being cancelled."""
        if not leg.over:
            self._hanging_up.add(leg.id)
            self._soon(self._hang_up(leg, cause), f"hang up {leg.id}")

    async def remember(self, leg: Leg, place: str) -> None:
        """Writes the contact's place onto its channel, where it outlives us."""
        await self._commands.send(leg.contact_id, op.SET_VARIABLE, leg.id, variable=PLACE, value=place)

    async def create(
        self, leg: Leg, endpoint: str, originator: Leg, variables: dict[str, str], errand: Sequence[str]
    ) -> None:
        """Makes an outgoing leg that does not ring yet; Asterisk tells these words of it as long as it is there."""
        await self._commands.send(
            leg.contact_id,
            op.CREATE,
            endpoint=f"PJSIP/{endpoint}",
            app=self._app,
            appArgs=",".join(errand),
            channelId=leg.id,
            originator=originator.id,
            variables=variables | {CALLER: originator.id},
        )

    async def ring(self, leg: Leg, caller: Leg, seconds: float) -> None:
        """Lets a created leg ring for at most so many seconds."""
        await self._commands.send(leg.contact_id, op.DIAL, leg.id, caller=caller.id, timeout=int(seconds))

    async def hold(self, leg: Leg, music: str) -> None:
        """Lets a leg wait with music."""
        await self._holding.enter(leg, music)

    async def hold_again(self, leg: Leg, music: str, still: Callable[[], bool]) -> None:
        """Lets a leg wait that we had thought to wait already, if it `still` should when its place is ready."""
        self._holding.left(leg)
        await self._holding.enter(leg, music, still)

    @property
    def under_way(self) -> frozenset[str]:
        """The legs that are just being ended, or put into a bridge to wait."""
        return frozenset(self._hanging_up) | self._holding.entering

    @property
    def rooms(self) -> frozenset[str]:
        """The bridges in which legs wait with music, and all that are going."""
        return self._holding.rooms | self._clearance.going

    def clear_away(self, bridge: str) -> None:
        """Destroys a bridge that is nobody's."""
        self._clearance.begin(bridge)

    async def ask_for_life(self, leg: Leg) -> None:
        """Lets Asterisk ask a leg's phone whether it is still in the call: by SIP UPDATE, or INVITE."""
        await self._commands.send(leg.contact_id, op.SET_VARIABLE, leg.id, variable=REFRESH, value="update")

    async def join(self, first: Leg, second: Leg) -> None:
        """Puts two legs together. Done before the second rings, so that an answer needs nobody, not even us: they
        talk at once, and the first hears ring tone meanwhile."""
        bridge = _join_of(first)
        if bridge not in self._joins:
            self._joins.add(bridge)  # at once: when this is cancelled, Asterisk makes it all the same
            try:
                await self._commands.send(first.contact_id, op.MAKE_BRIDGE, bridge, type=JOIN, name="join")
            except AsteriskError:
                self._joins.discard(bridge)
                raise
        await self._commands.send(first.contact_id, op.ADD_TO_BRIDGE, bridge, channel=[second.id, first.id])
        self._holding.left(first)

    async def part(self, leg: Leg) -> None:
        """Takes a leg out of waiting or talking, so that it is by itself again."""
        bridge = self._holding.left(leg) or _join_of(leg)
        try:
            await self._commands.send(leg.contact_id, op.REMOVE_FROM_BRIDGE, bridge, channel=leg.id)
        except AsteriskError as error:
            log.debug("leg_was_in_no_bridge", leg=leg.id, reason=str(error))

    def forget(self, caller: Leg) -> None:
        """Clears away what was made for a call that is over."""
        self._holding.left(caller)
        if (bridge := _join_of(caller)) in self._joins:
            self._joins.discard(bridge)
            self._clearance.begin(bridge, caller.contact_id)

    async def catch_up(self) -> None:
        """After a gap in the events: playbacks that are not there any more are over."""
        for playing in list(self._playing.values()):
            try:
                await self._commands.send("", op.PLAYBACK, playing.id)
            except NotFound:
                self.played(playing.id, failed=False)

    async def close(self) -> None:
        """Waits for what is under way."""
        await self._tasks.finish()

    def _soon(self, work: Coroutine[None, None, None], name: str) -> None:
        self._tasks.spawn(work, name)

    async def _hang_up(self, leg: Leg, cause: int) -> None:
        try:
            await self._end(leg, cause)
        finally:
            self._hanging_up.discard(leg.id)

    async def _end(self, leg: Leg, cause: int) -> None:
        try:
            await self._commands.send(leg.contact_id, op.HANG_UP, leg.id, reason_code=str(cause))
        except (NotFound, Fenced) as error:
            log.debug("leg_left_alone", leg=leg.id, reason=str(error))
        except AsteriskError as error:
            log.warning("hang_up_failed", leg=leg.id, reason=str(error))


def _media(file: Path) -> str:
    return f"sound:{file.with_suffix('')}"


def _prompt_of(leg: Leg, number: int) -> str:
    """A few names that come round again, so that whoever comes after us can stop what plays."""
    return f"prompt-{leg.id}-{number % PROMPTS}"


def _join_of(caller: Leg) -> str:
    return _join(caller.contact_id)


def _join(contact: str) -> str:
    return f"{JOINS}{contact}"
