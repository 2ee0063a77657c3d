"""Offers calls to agents' phones, and joins who answers."""

import asyncio
from typing import Final

import structlog

from telephony.assignment import Assignment
from telephony.asterisk.errors import AsteriskError, NoReply, Refused
from telephony.asterisk.rtcp import HANDLER
from telephony.asterisk.switchboard import Switchboard
from telephony.call import Call
from telephony.contact import Contact
from telephony.leg import Leg, LegEnd
from telephony.lines import Lines
from telephony.ports import OfferResult
from telephony.ticket import Errand, Ticket

log = structlog.get_logger()

# Asterisk ends the ringing itself; this much later we do, should it not.
GRACE: Final = 3.0
OURS_WITHIN: Final = 2.0
NEWS_WITHIN: Final = 0.2
LONGEST_NAME: Final = 80
_RESULTS: Final = {
    LegEnd.BUSY: OfferResult.BUSY,
    LegEnd.DECLINED: OfferResult.REFUSED,
    LegEnd.NO_ANSWER: OfferResult.UNANSWERED,
}


class VoiceDelivery:
    """The Delivery of calls."""

    def __init__(self, lines: Lines, switchboard: Switchboard) -> None:
        self._lines, self._switchboard = lines, switchboard
        self._agent_legs: dict[str, Leg] = {}

    async def hold(self, contact: Contact, music: str) -> None:
        """Lets the caller wait with music; her place is written onto her channel, where it outlives us."""
        leg = self._lines.calls[contact.id].leg
        try:
            await self._switchboard.remember(leg, Ticket.of(contact).written())
        except AsteriskError as error:
            log.warning("no_ticket", contact=contact.id, reason=str(error))
        try:
            await self._switchboard.hold(leg, music)
        except AsteriskError as error:
            log.warning("no_music", contact=contact.id, reason=str(error))

    async def offer(self, contact: Contact, assignment: Assignment, ring_time: float) -> OfferResult:
        """Rings the agent's phone; unless she accepts, it rings no more afterwards."""
        known = self._agent_legs.pop(assignment.id, None)
        leg = known or self._lines.agent_leg(contact)
        result = OfferResult.FAILED
        try:
            if not known:
                await self._ring(self._lines.calls[contact.id], leg, assignment, ring_time)
            result = await _answer(leg, ring_time)
        except AsteriskError as error:
            # Was it the caller who has gone? Her end, when it comes, cancels this.
            await _first(self._lines.calls[contact.id].leg.ended, within=NEWS_WITHIN)
            log.warning("offer_failed", agent=assignment.agent, reason=str(error))
        finally:
            if result is not OfferResult.ACCEPTED:
                self._switchboard.hang_up(leg)
        if result is OfferResult.ACCEPTED:
            self._agent_legs[assignment.id] = leg
        return result

    def take_up(self, assignment: Assignment, leg: Leg) -> None:
        """An agent's leg that rings, or talks, for this assignment since before a restart."""
        self._agent_legs[assignment.id] = leg

    def drop(self, assignment: Assignment) -> None:
        """Ends a leg that was taken up and that nobody waits for."""
        if leg := self._agent_legs.pop(assignment.id, None):
            self._switchboard.hang_up(leg)

    async def talk(self, assignment: Assignment) -> None:
        """Until the agent hangs up; when cancelled, her leg is ended."""
        leg = self._agent_legs.pop(assignment.id)
        try:
            await asyncio.wait({leg.ended})
        finally:
            self._switchboard.hang_up(leg)

    async def release(self, contact: Contact) -> None:
        """Takes the caller out of waiting or talking."""
        await self._switchboard.part(self._lines.calls[contact.id].leg)

    async def _ring(self, call: Call, leg: Leg, assignment: Assignment, ring_time: float) -> None:
        try:
            shown, errand = _shown(call.contact), Errand.of(assignment, call.contact)
            await self._switchboard.create(leg, assignment.phone, call.leg, shown, errand)
        except Refused as error:
            log.info("phone_unreachable", phone=assignment.phone, reason=str(error))
            self._lines.ended(leg, LegEnd.UNREACHABLE)
            return
        if not await _first(leg.ours, leg.ended, within=OURS_WITHIN):
            raise NoReply("the agent's leg did not come under our control")
        await self._switchboard.join(call.leg, leg)
        await self._switchboard.ring(leg, call.leg, ring_time)


async def _first(*futures: asyncio.Future[None], within: float) -> bool:
    """Waits for the first of some futures; tells whether one came in time."""
    done, _ = await asyncio.wait(futures, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    return bool(done)


async def _answer(leg: Leg, ring_time: float) -> OfferResult:
    await _first(leg.up, leg.ended, within=ring_time + GRACE)
    if leg.end is not None:
        return _RESULTS.get(leg.end, OfferResult.UNREACHABLE)
    return OfferResult.ACCEPTED if leg.up.done() else OfferResult.UNANSWERED


def _shown(contact: Contact) -> dict[str, str]:
    """What the agent's phone is told about the contact."""
    return HANDLER | {
        "PJSIP_HEADER(add,X-Interaction-Id)": contact.interaction_id,
        "PJSIP_HEADER(add,X-Contact-Id)": contact.id,
        "CONNECTEDLINE(num)": _printable(contact.customer),
        "CONNECTEDLINE(name)": _printable(contact.customer_name or contact.customer),
    }


def _printable(text: str) -> str:
    return "".join(each for each in text if each.isprintable())[:LONGEST_NAME]
