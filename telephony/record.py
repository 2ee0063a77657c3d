"""The one place where machines move: the table is asked, the state set, the fact published."""

import structlog

from telephony import agent, assignment, contact, leg
from telephony.agent import Agent, Presence
from telephony.assignment import Assignment, AssignmentState
from telephony.contact import Contact, ContactState
from telephony.events import (
    AssignmentMoved,
    CallCutOff,
    ContactMoved,
    IllegalMove,
    LegMoved,
    PresenceChanged,
    ReachabilityChanged,
    SeatChanged,
)
from telephony.leg import Leg, LegEnd, LegState
from telephony.machine import IllegalTransition, advance
from telephony.ports import EventSink

log = structlog.get_logger()


class Record:
    """Moves machines and tells it. A forbidden move changes nothing, is told as IllegalMove, and returns False:
    it is our bug, and the call lives on."""

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink

    def contact(self, it: Contact, to: ContactState, reason: str = "") -> bool:
        """Moves a contact."""
        was = it.state
        try:
            it.state = advance(contact.TRANSITIONS, was, to)
        except IllegalTransition as error:
            return self._refuse(error, it.id, it.interaction_id)
        self._sink.publish(
            ContactMoved(
                interaction_id=it.interaction_id,
                contact_id=it.id,
                was=was,
                now=to,
                reason=reason,
                queue=it.queue,
                sequence=it.sequence,
            )
        )
        return True

    def cut_off(self, it: Contact) -> None:
        """Tells that a caller's line ended through nobody's will."""
        self._sink.publish(
            CallCutOff(interaction_id=it.interaction_id, contact_id=it.id, state=it.state, queue=it.queue)
        )

    def assignment_began(self, it: Assignment) -> None:
        """Tells that an assignment was made, in its first state."""
        self._tell_assignment(it, "", "")

    def assignment(self, it: Assignment, to: AssignmentState, reason: str = "") -> bool:
        """Moves an assignment."""
        was = it.state
        try:
            it.state = advance(assignment.TRANSITIONS, was, to)
        except IllegalTransition as error:
            return self._refuse(error, it.id, it.interaction_id)
        self._tell_assignment(it, was, reason)
        return True

    def leg_began(self, it: Leg) -> None:
        """Tells that a leg was made, in its first state."""
        self._tell_leg(it, "")

    def leg(self, it: Leg, to: LegState, end: LegEnd | None = None) -> bool:
        """Moves a leg and wakes who waits for it to be up or to have ended."""
        was = it.state
        try:
            it.state = advance(leg.TRANSITIONS, was, to)
        except IllegalTransition as error:
            return self._refuse(error, it.id, it.interaction_id)
        it.end = end
        if to is LegState.UP and not it.up.done():
            it.up.set_result(None)
        if to is LegState.ENDED and not it.ended.done():
            it.ended.set_result(None)
        self._tell_leg(it, was)
        return True

    def presence(self, it: Agent, to: Presence, reason: str = "") -> bool:
        """Moves an agent's presence."""
        was = it.presence
        try:
            it.presence = advance(agent.TRANSITIONS, was, to)
        except IllegalTransition as error:
            return self._refuse(error, it.name, "")
        self._sink.publish(PresenceChanged(agent=it.name, was=was, now=to, reason=reason))
        return True

    def reachability(self, it: Agent, trouble: str) -> None:
        """Sets why an agent cannot be reached, or with empty `trouble` that she can."""
        it.trouble = trouble
        self._sink.publish(ReachabilityChanged(agent=it.name, reachable=not trouble, reason=trouble))

    def seat(self, agent: str, phone: str, reason: str) -> None:
        """Tells at which phone an agent takes calls from now on."""
        self._sink.publish(SeatChanged(agent=agent, phone=phone, reason=reason))

    def _tell_assignment(self, it: Assignment, was: str, reason: str) -> None:
        self._sink.publish(
            AssignmentMoved(
                interaction_id=it.interaction_id,
                assignment_id=it.id,
                contact_id=it.contact_id,
                agent=it.agent,
                queue=it.queue,
                medium=it.medium,
                was=was,
                now=it.state,
                reason=reason,
            )
        )

    def _tell_leg(self, it: Leg, was: str) -> None:
        self._sink.publish(
            LegMoved(
                interaction_id=it.interaction_id,
                leg_id=it.id,
                contact_id=it.contact_id,
                party=it.party,
                was=was,
                now=it.state,
                reason=it.end or "",
            )
        )

    def _refuse(self, error: IllegalTransition, id: str, interaction_id: str) -> bool:
        log.error("illegal_move", concept=error.concept, id=id, was=error.current, asked=error.to)
        self._sink.publish(
            IllegalMove(
                interaction_id=interaction_id,
                concept=error.concept,
                id=id,
                was=error.current,
                asked=error.to,
            )
        )
        return False
