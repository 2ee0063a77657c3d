"""Adoption: a controller takes up what an earlier one left, from the ledger of facts and from Asterisk as it is now.

Each caller goes on where she was: who waits keeps her bridge, her music and her place, a phone that rings goes on
ringing, who talks talks on, and who was in a menu hears its prompt again. Whatever an outage broke is mended first.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec
import structlog

from telephony.acd.dispatcher import Acd
from telephony.assignment import Assignment, AssignmentState
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.switchboard import Switchboard
from telephony.asterisk.world import World
from telephony.call import Call, CallHandler
from telephony.clock import Clock
from telephony.contact import HUNG_UP, Contact, ContactState, Medium
from telephony.delivery import VoiceDelivery
from telephony.ledger import Ledger, Part, Point, Visit
from telephony.leg import Leg, LegEnd, LegState, Party
from telephony.lines import Lines
from telephony.record import Record
from telephony.stasis import CUT_OFF, FrontDoor

log = structlog.get_logger()

AWAY: Final = "while the controller was away"


class Course(StrEnum):
    """How a contact goes on."""

    GONE = "gone"
    IN_FLOW = "in_flow"
    WAITS = "waits"
    RINGS = "rings"
    TALKS = "talks"


class Counts(msgspec.Struct):
    """How many contacts went on in which way, and how many legs were ended because nobody needed them any more."""

    gone: int = 0
    in_flow: int = 0
    waits: int = 0
    rings: int = 0
    talks: int = 0
    orphans: int = 0


def course(state: ContactState, here: bool, together: bool, served: bool = False) -> Course:
    """From what the record says (`state`) and what Asterisk shows: whether the caller is `here`, whether her agent's
    phone rings or is answered and both are `together`, and whether that agent had answered and has gone (`served`).
    Pure."""
    if not here:
        return Course.GONE
    if state is ContactState.CONNECTED or (served and state is ContactState.OFFERED):
        return Course.TALKS
    if state is ContactState.OFFERED:
        return Course.RINGS if together else Course.WAITS
    return Course.WAITS if state is ContactState.QUEUED else Course.IN_FLOW


@dataclass(frozen=True, slots=True)
class _Found:
    """A contact of the ledger, and how it goes on."""

    visit: Visit
    contact: Contact
    leg: Leg
    assignment: Assignment | None
    agent: Leg | None
    way: Course
    together: bool

    @property
    def needed(self) -> set[str]:
        """The legs that go on."""
        return {self.leg.id, self.agent.id} if self.agent and self.together else {self.leg.id}


class Adoption:
    """`resume` is the flow of a call, gone on with from a point of it (None: from its beginning); `serve_code` serves
    an agent's own call, from its beginning."""

    def __init__(
        self,
        clock: Clock,
        record: Record,
        lines: Lines,
        switchboard: Switchboard,
        delivery: VoiceDelivery,
        acd: Acd,
        front_door: FrontDoor,
        resume: Callable[[Point | None, Call], Awaitable[None]],
        serve_code: CallHandler,
    ) -> None:
        self._clock, self._record, self._lines, self._switchboard = clock, record, lines, switchboard
        self._delivery, self._acd, self._front_door = delivery, acd, front_door
        self._resume, self._serve_code = resume, serve_code

    def take_up(self, ledger: Ledger, world: World) -> Counts:
        """Takes up all of it, the oldest first. Nothing is offered before `Acd.go_on`."""
        counts = Counts()
        found = sorted(self._all(ledger, world), key=lambda each: (each.contact.sequence or 0, each.contact.arrived_at))
        counts.orphans = self._end_orphans(ledger, set().union(*(each.needed for each in found)), world)
        self._take_up_bridges(found, world)
        for each in found:
            setattr(counts, each.way, getattr(counts, each.way) + 1)
            with self._as_a_stranger_otherwise(each.contact.id, each.leg.id):
                self._go_on(each, world)
        self._finish_the_rest(ledger)
        return counts

    def _all(self, ledger: Ledger, world: World) -> Iterator[_Found]:
        for visit in ledger.visits.values():
            found = None
            with self._as_a_stranger_otherwise(visit.id, visit.leg):
                found = self._find(visit, ledger, world)
            if found:
                yield found

    @contextmanager
    def _as_a_stranger_otherwise(self, contact: str, leg: str) -> Iterator[None]:
        """A bug of ours, or a record that is not what it should be, costs nobody else her call."""
        try:
            yield
        except Exception:
            log.exception("contact_not_taken_up", contact=contact)
            self._lines.legs.pop(leg, None)

    def _find(self, visit: Visit, ledger: Ledger, world: World) -> _Found | None:
        """None for a contact that is on record without its leg: the outage fell between these two words."""
        if (known := ledger.legs.get(visit.leg)) is None:
            contact = _contact(visit)
            self._record.contact(contact, contact.left, f"{HUNG_UP} {AWAY}")
            if part := ledger.part_of(visit.id):
                self._acd.finish(_assignment(part), None, f"{HUNG_UP} {AWAY}")
            return None
        contact, leg, part = _contact(visit), self._lines.take_up(known), ledger.part_of(visit.id)
        other = ledger.legs.get(part.leg) if part else None
        agent = self._lines.take_up(other) if other else None
        together = agent is not None and world.rings_or_talks(agent.id) and world.together(visit.id, leg.id, agent.id)
        served = part is not None and part.leg in world.answered
        way = course(contact.state, world.controlled(leg.id), together, served)
        return _Found(visit, contact, leg, _assignment(part) if part else None, agent, way, together)

    def _end_orphans(self, ledger: Ledger, needed: set[str], world: World) -> int:
        """Notes how all legs are now, and ends those that nobody needs any more; returns how many those were."""
        ended = 0
        for known in ledger.legs.values():
            leg = self._lines.legs.get(known.id) or self._lines.take_up(known)
            if leg.id not in world.channels:
                self._lines.ended(leg, LegEnd.LOST)
                continue
            self._front_door.seen(world.channels[leg.id])
            if leg.id not in needed and not self._goes_on_with_her_own(leg, world):
                self._switchboard.hang_up(leg)
                ended += 1
        return ended

    def _goes_on_with_her_own(self, leg: Leg, world: World) -> bool:
        """An agent who had dialled a service code, which is no contact, is served anew; tells whether it is such."""
        match world.arguments(leg.id):
            case ["service", code, phone]:
                contact = Contact(leg.contact_id, "", Medium.VOICE, code, phone, self._clock.now())
                self._front_door.resume(contact, leg, self._anew(self._serve_code))
                return True
        return False

    def _anew(self, handler: CallHandler) -> CallHandler:
        async def begin(call: Call) -> None:
            await self._by_herself(call, in_a_bridge=False)
            await handler(call)

        return begin

    def _take_up_bridges(self, found: Sequence[_Found], world: World) -> None:
        """Talks and music go on; bridges in which nobody is needed go."""
        here = {each.contact.id for each in found if each.way is not Course.GONE}
        waits = {each.leg.id: each.leg for each in found if each.way is Course.WAITS}
        for bridge in world.bridges.values():
            if bridge.contact is not None:
                self._switchboard.take_up_join(bridge.contact, needed=bridge.contact in here)
            elif bridge.music is not None:
                self._switchboard.take_up_room(
                    bridge.id, bridge.music, [waits[id] for id in bridge.channels if id in waits]
                )

    def _go_on(self, it: _Found, world: World) -> None:
        contact, queued_at = it.contact, it.visit.queued_at
        match it.way:
            case Course.GONE:
                self._gone(it, world)
                return
            case Course.WAITS:
                self._take_back(it)
                self._acd.take_up(contact, queued_at, None)
            case Course.RINGS | Course.TALKS if it.assignment:
                if it.way is Course.TALKS:
                    self._note_answer(contact, it.assignment)
                self._delivery.take_up(it.assignment, it.agent or _over(contact))
                self._acd.take_up(contact, queued_at, it.assignment)
            case Course.TALKS:
                self._record.contact(contact, ContactState.ARRIVED, "the agent left")
        self._front_door.resume(contact, it.leg, self._handler(it, it.leg.id in world.where))

    def _note_answer(self, contact: Contact, assignment: Assignment) -> None:
        """She was answered while nobody saw it."""
        if contact.state is ContactState.OFFERED:
            self._record.assignment(assignment, AssignmentState.ACCEPTED)
            self._record.contact(contact, ContactState.CONNECTED, f"answered {AWAY}")
            self._record.assignment(assignment, AssignmentState.ACTIVE)
            contact.served = True

    def _handler(self, it: _Found, in_a_bridge: bool) -> CallHandler:
        async def go_on(call: Call) -> None:
            try:
                if it.way is Course.IN_FLOW or not in_a_bridge:
                    # Commands would wait behind what plays to her, and those of others behind them.
                    await self._by_herself(call, in_a_bridge)
                await self._resume(it.visit.point, call)
            finally:
                if assignment := self._acd.drop(call.contact):
                    self._delivery.drop(assignment)

        return go_on

    async def _by_herself(self, call: Call, in_a_bridge: bool) -> None:
        """She hears nothing any more of what she heard before: her prompt comes again."""
        try:
            await self._switchboard.silence(call.leg)
            if in_a_bridge:
                await self._switchboard.part(call.leg)
        except AsteriskError as error:
            log.warning("caller_not_silenced", contact=call.contact.id, reason=str(error))

    def _take_back(self, it: _Found) -> None:
        """An offer whose outcome nobody saw."""
        if it.assignment:
            self._acd.finish(it.assignment, None, f"the offer ended {AWAY}")
        if it.contact.state is ContactState.OFFERED:
            self._record.contact(it.contact, ContactState.QUEUED, f"the offer ended {AWAY}")

    def _gone(self, it: _Found, world: World) -> None:
        contact, cut_off = it.contact, world.started > it.visit.at
        if cut_off:
            self._record.cut_off(contact)
        reason = CUT_OFF if cut_off else f"{HUNG_UP} {AWAY}"
        if it.assignment:
            self._acd.finish(it.assignment, None, reason)
        self._record.contact(contact, contact.left, reason)

    def _finish_the_rest(self, ledger: Ledger) -> None:
        """Agents who were wrapping up, and those whose contact had ended in the very moment of the outage."""
        for part in ledger.parts.values():
            if part.state == AssignmentState.WRAP_UP or part.contact_id not in ledger.visits:
                with self._as_a_stranger_otherwise(part.contact_id, part.leg):
                    self._acd.finish(_assignment(part), part.at, f"the contact ended {AWAY}")


def _contact(visit: Visit) -> Contact:
    return Contact(
        visit.id,
        visit.interaction_id,
        Medium(visit.medium),
        visit.address,
        visit.customer,
        visit.arrived_at,
        visit.customer_name,
        ContactState(visit.state),
        visit.queue,
        visit.sequence,
        visit.served,
    )


def _assignment(part: Part) -> Assignment:
    return Assignment(
        part.id,
        part.contact_id,
        part.interaction_id,
        part.agent,
        part.queue,
        Medium(part.medium),
        AssignmentState(part.state),
    )


def _over(contact: Contact) -> Leg:
    """In place of a leg that nobody knows anything of any more."""
    leg = Leg("", Party.AGENT, contact.id, contact.interaction_id, LegState.ENDED, LegEnd.LOST)
    leg.ended.set_result(None)
    return leg
