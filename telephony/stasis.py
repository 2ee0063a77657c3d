"""The front door of voice: Asterisk's events come in here and become calls, legs and keys."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import structlog

from telephony.asterisk.ari_events import (
    Channel,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelStateChange,
    Event,
    PlaybackFinished,
    StasisEnd,
    StasisStart,
)
from telephony.asterisk.causes import translate
from telephony.asterisk.switchboard import Switchboard
from telephony.call import Call, CallHandler
from telephony.clock import Clock
from telephony.contact import HUNG_UP, Contact, ContactState, Medium
from telephony.events import ContactArrived
from telephony.ids import new_id
from telephony.leg import Leg, LegEnd, LegState, Party
from telephony.lines import Lines
from telephony.ports import EventSink
from telephony.record import Record
from telephony.tasks import TaskSet

log = structlog.get_logger()

CAUSE_WITHIN: Final = 0.2
CUT_OFF: Final = "cut off: Asterisk ended"
_STATES: Final = {"Ringing": LegState.RINGING, "Up": LegState.UP}


class FrontDoor:
    """Makes a contact, a leg and a call of each caller, and gives her a task, which her hang-up cancels.

    `handler` handles customers' calls, `service` agents' calls to service codes (the code is the contact's address,
    the agent its customer)."""

    def __init__(
        self,
        clock: Clock,
        sink: EventSink,
        record: Record,
        lines: Lines,
        switchboard: Switchboard,
        handler: CallHandler,
        service: CallHandler,
    ) -> None:
        self._clock, self._sink, self._record, self._lines = clock, sink, record, lines
        self._switchboard, self._handler, self._service = switchboard, handler, service
        self._tasks = TaskSet("calls")
        self._by_contact: dict[str, asyncio.Task[None]] = {}

    def on_event(self, event: Event) -> None:
        """Takes one event; never blocks."""
        match event:
            case StasisStart(args=("inbound", dialled)):
                self._arrived(event.channel, dialled)
            case StasisStart(args=("service", code, agent)):
                self._agent_dialled(event.channel, code, agent)
            case StasisStart():
                self._ours(event.channel.id)
            case ChannelStateChange():
                self._moved(event.channel)
            case StasisEnd():
                self._left(event.channel.id)
            case ChannelDestroyed():
                self._ended(event.channel.id, translate(event.cause, event.tech_cause))
            case ChannelDtmfReceived():
                self._pressed(event.channel.id, event.digit)
            case PlaybackFinished():
                self._switchboard.played(event.playback.id, event.playback.state == "failed")

    def catch_up(self, channels: Mapping[str, Channel], cut_off: bool) -> None:
        """After a gap in the events: these are all channels there are, in the states in which they are now. Others
        are gone: `cut_off` tells whether Asterisk died under them."""
        for id in [id for id in self._lines.legs if id not in channels]:
            self._ended(id, LegEnd.LOST, CUT_OFF if cut_off else "")
        for id in self._lines.legs:
            self.seen(channels[id])

    def seen(self, channel: Channel) -> None:
        """This is how a channel under our control is now."""
        self._ours(channel.id)
        self._moved(channel)

    def lost(self, id: str) -> None:
        """A leg whose channel is not there any more, and nobody told us."""
        self._ended(id, LegEnd.LOST)

    def resume(self, contact: Contact, leg: Leg, handler: CallHandler) -> None:
        """A call that an earlier controller had begun goes on."""
        call = self._lines.calls[contact.id] = Call(contact, leg, self._switchboard)
        self._begin(call, handler, self._customer_gone if contact.interaction_id else _nobodys_contact)

    async def close(self) -> None:
        """Ends all calls' tasks, and with them the calls."""
        await self._tasks.close()

    def _arrived(self, channel: Channel, dialled: str) -> None:
        if channel.id in self._lines.legs:
            return
        contact = self._contact(dialled, channel.caller.number, channel.caller.name, new_id())
        self._sink.publish(
            ContactArrived(
                interaction_id=contact.interaction_id,
                contact_id=contact.id,
                medium=contact.medium,
                address=dialled,
                customer=contact.customer,
                customer_name=contact.customer_name,
            )
        )
        call = self._take(channel, contact)
        self._begin(call, self._handler, self._customer_gone)

    def _agent_dialled(self, channel: Channel, code: str, agent: str) -> None:
        """An agent's own call to a service code is no customer's contact."""
        if channel.id not in self._lines.legs:
            call = self._take(channel, self._contact(code, agent, "", ""))
            self._begin(call, self._service, _nobodys_contact)

    def _contact(self, dialled: str, customer: str, name: str, interaction: str) -> Contact:
        return Contact(new_id(), interaction, Medium.VOICE, dialled, customer, self._clock.now(), name)

    def _take(self, channel: Channel, contact: Contact) -> Call:
        call = Call(contact, self._lines.caller_leg(channel.id, contact), self._switchboard)
        self._lines.calls[contact.id] = call
        self._moved(channel)  # the guard answers who has waited long for us
        return call

    def _begin(self, call: Call, handler: CallHandler, on_end: Callable[[Contact, asyncio.Task[None]], None]) -> None:
        task = self._tasks.spawn(self._handle(call, handler), call.contact.id)
        self._by_contact[call.contact.id] = task
        task.add_done_callback(partial(on_end, call.contact))
        task.add_done_callback(partial(self._over, call))

    async def _handle(self, call: Call, handler: CallHandler) -> None:
        structlog.contextvars.bind_contextvars(interaction=call.contact.interaction_id, contact=call.contact.id)
        await handler(call)

    def _customer_gone(self, contact: Contact, task: asyncio.Task[None]) -> None:
        if contact.over:
            return
        try:
            reason = "the flow failed" if task.exception() else "the flow ended"
        except asyncio.CancelledError as left:
            self._record.contact(contact, contact.left, str(left) or HUNG_UP)
        else:
            arrived = contact.state is ContactState.ARRIVED
            self._record.contact(contact, ContactState.CLOSED if arrived else contact.left, reason)

    def _over(self, call: Call, _: asyncio.Task[None]) -> None:
        """Clears up after a call, however its task ended, even before its first step."""
        self._switchboard.hang_up(call.leg)
        self._switchboard.forget(call.leg)
        del self._lines.calls[call.contact.id]
        del self._by_contact[call.contact.id]

    def _ours(self, id: str) -> None:
        if (leg := self._lines.legs.get(id)) and not leg.ours.done():
            leg.ours.set_result(None)

    def _moved(self, channel: Channel) -> None:
        leg, to = self._lines.legs.get(channel.id), _STATES.get(channel.state)
        if leg is not None and to is not None and leg.state is not to:
            self._record.leg(leg, to)

    def _left(self, id: str) -> None:
        """A channel left our control. Asterisk often keeps a caller's ChannelDestroyed from us, and tells why an
        agent's leg ended only there, just after this."""
        if (leg := self._lines.legs.get(id)) is None:
            return
        if leg.party is Party.CALLER:
            self._ended(id, LegEnd.NORMAL)
        else:
            self._tasks.spawn(self._ended_soon(leg), f"end {id}")

    async def _ended_soon(self, leg: Leg) -> None:
        await self._clock.sleep(CAUSE_WITHIN)
        self._ended(leg.id, LegEnd.NORMAL if leg.up.done() else LegEnd.FAILED)

    def _ended(self, id: str, end: LegEnd, why: str = "") -> None:
        if (leg := self._lines.legs.get(id)) is None:
            return
        self._lines.ended(leg, end)
        if leg.party is Party.CALLER and (task := self._by_contact.get(leg.contact_id)):
            contact = self._lines.calls[leg.contact_id].contact
            if why and contact.interaction_id:
                self._record.cut_off(contact)
            task.cancel(why or None)

    def _pressed(self, channel: str, key: str) -> None:
        leg = self._lines.legs.get(channel)
        if leg and leg.party is Party.CALLER and (call := self._lines.calls.get(leg.contact_id)):
            call.pressed(key)


def _nobodys_contact(_: Contact, __: asyncio.Task[None]) -> None:
    """An agent's own call has no contact to close."""
