"""The second witness: what Asterisk alone knows of calls whose facts never reached the disk. Pure.

A controller that is killed while the disk is full takes with it what it had to tell. Callers who wait or talk are
taken up all the same: their tickets and their agents' errands tell who they are, and where they stand where.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from telephony.assignment import AssignmentState
from telephony.asterisk.ari_events import Channel
from telephony.asterisk.world import Bridge, World
from telephony.contact import ContactState, Medium
from telephony.events import AssignmentMoved, ContactArrived, ContactMoved, Fact, LegMoved, NodeEntered
from telephony.ledger import Ledger, Part, Point
from telephony.leg import LegState, Party
from telephony.ticket import Errand, Ticket

WHY: Final = "its record was lost, and Asterisk tells it"

Stands = Callable[[str, str, Point | None], Point | None]
"""By the number dialled, the queue in which she stands and the point told last: the point of a flow that is not told
yet."""


def unexplained(ledger: Ledger, world: World) -> list[str]:
    """The callers' channels of which Asterisk may know more than the ledger."""
    callers = [id for id in world.channels if world.arguments(id)[:1] == ["inbound"]]
    return [id for id in callers if not _explained(id, ledger, world.where.get(id))]


def complete(
    ledger: Ledger, world: World, tickets: Mapping[str, Ticket | None], stands: Stands, now: datetime
) -> Sequence[Fact]:
    """Has the ledger follow all that the unexplained callers' `tickets` (by channels) and their agents' errands tell
    beyond it; returns the facts, which the record lacks too. Who has neither told us nothing worth keeping."""
    witness = _Witness(ledger, world, stands, now)
    heard: list[tuple[Ticket, str, str, Errand | None]] = []
    for id, told in tickets.items():
        leg, errand = _errand(ledger, world, world.where.get(id))
        if ticket := errand.ticket if errand else told:
            heard.append((ticket, id, leg, errand))
    for ticket, id, leg, errand in sorted(heard, key=lambda each: each[0].sequence):
        witness.hear(ticket, world.channels[id], leg, errand)
    return witness.facts


def _explained(id: str, ledger: Ledger, room: Bridge | None) -> bool:
    """Whether the ledger knows of this caller, and of all with whom she is."""
    if (leg := ledger.legs.get(id)) is None:
        return False
    if (visit := ledger.visits.get(leg.contact_id)) is None or room is None:
        return True  # she is done with, or by herself as the ledger has her
    if room.contact is None:
        return visit.state != ContactState.CONNECTED and visit.sequence is not None
    return all(other in ledger.legs for other in room.channels)


def _errand(ledger: Ledger, world: World, room: Bridge | None) -> tuple[str, Errand | None]:
    """The agent's leg in a room that rings or talks there and of which the ledger knows nothing, and its errand."""
    for id in room.channels if room else ():
        errand = Errand.read(world.arguments(id))
        if errand and room and errand.contact == room.contact and world.rings_or_talks(id) and id not in ledger.legs:
            return id, errand
    return "", None


class _Witness:
    """Hears of one caller after the other."""

    def __init__(self, ledger: Ledger, world: World, stands: Stands, now: datetime) -> None:
        self._ledger, self._world, self._stands, self._now = ledger, world, stands, now
        self.facts: list[Fact] = []

    def hear(self, ticket: Ticket, caller: Channel, leg: str, errand: Errand | None) -> None:
        """What is missing of one caller; with her agent's leg and its errand, when there is one."""
        known = self._ledger.legs.get(caller.id)
        if known and known.contact_id != ticket.contact:
            return  # it is of an earlier visit
        if ticket.contact not in self._ledger.visits:
            self._arrived(caller, ticket)
        if known is None:
            self._leg(ticket, caller.id, Party.CALLER, LegState.RINGING)
        part = self._ledger.part_of(ticket.contact)
        if errand is None or part is None or part.id != errand.assignment:
            self._queued(ticket, part, self._now if known else ticket.arrived_at)
        if errand:
            self._offered(ticket, errand, leg)

    def _arrived(self, caller: Channel, ticket: Ticket) -> None:
        (_, dialled, *_) = self._world.arguments(caller.id)
        self._tell(
            ContactArrived(
                interaction_id=ticket.interaction,
                contact_id=ticket.contact,
                medium=Medium.VOICE,
                address=dialled,
                customer=caller.caller.number,
                customer_name=caller.caller.name,
            ),
            ticket.arrived_at,
        )

    def _queued(self, ticket: Ticket, part: Part | None, since: datetime) -> None:
        """She stands in the queue of her ticket; what was told of another offer or talk is over."""
        visit = self._ledger.visits[ticket.contact]
        self._over(part)
        if visit.state == ContactState.OFFERED:
            self._move(ticket, ContactState.QUEUED, visit.queue)
        if visit.state == ContactState.QUEUED and visit.queue == ticket.queue:
            return
        if visit.state != ContactState.ARRIVED:
            self._move(ticket, ContactState.ARRIVED, visit.queue)
        if point := self._stands(visit.address, ticket.queue, visit.point):
            self._enter(ticket, point)
        self._move(ticket, ContactState.QUEUED, ticket.queue, since)

    def _offered(self, ticket: Ticket, errand: Errand, leg: str) -> None:
        for part in [each for each in self._ledger.parts.values() if each.agent == errand.agent]:
            if part.id != errand.assignment:
                self._over(part)
        if errand.assignment not in self._ledger.parts:
            part = Part(
                errand.assignment,
                errand.contact,
                errand.interaction,
                errand.agent,
                errand.queue,
                Medium.VOICE,
                AssignmentState.OFFERED,
                self._now,
            )
            self._tell(_moved(part, "", AssignmentState.OFFERED))
        if self._ledger.visits[ticket.contact].state == ContactState.QUEUED:
            self._move(ticket, ContactState.OFFERED, errand.queue)
        self._leg(ticket, leg, Party.AGENT, LegState.DIALING)

    def _over(self, part: Part | None) -> None:
        """An agent's part that must have ended."""
        if part is None or part.state == AssignmentState.WRAP_UP:
            return
        if part.state == AssignmentState.OFFERED:
            self._part_moved(part, AssignmentState.WITHDRAWN)
            return
        if part.state == AssignmentState.ACCEPTED:
            self._part_moved(part, AssignmentState.ACTIVE)
        self._part_moved(part, AssignmentState.WRAP_UP)

    def _enter(self, ticket: Ticket, point: Point) -> None:
        self._tell(
            NodeEntered(
                interaction_id=ticket.interaction,
                contact_id=ticket.contact,
                flow=point.flow,
                revision=point.revision,
                node=point.node,
                attempt=point.attempt,
                variables=point.variables,
            )
        )

    def _move(self, ticket: Ticket, to: ContactState, queue: str | None, at: datetime | None = None) -> None:
        self._tell(
            ContactMoved(
                interaction_id=ticket.interaction,
                contact_id=ticket.contact,
                was=self._ledger.visits[ticket.contact].state,
                now=to,
                reason=WHY,
                queue=queue,
                sequence=ticket.sequence,
            ),
            at,
        )

    def _part_moved(self, part: Part, to: AssignmentState) -> None:
        self._tell(_moved(part, part.state, to))

    def _leg(self, ticket: Ticket, id: str, party: Party, state: LegState) -> None:
        self._tell(
            LegMoved(
                interaction_id=ticket.interaction,
                leg_id=id,
                contact_id=ticket.contact,
                party=party,
                was="",
                now=state,
                reason=WHY,
            )
        )

    def _tell(self, fact: Fact, at: datetime | None = None) -> None:
        self.facts.append(fact)
        self._ledger.follow(fact, at or self._now, 0)


def _moved(part: Part, was: str, to: AssignmentState) -> Fact:
    return AssignmentMoved(
        interaction_id=part.interaction_id,
        assignment_id=part.id,
        contact_id=part.contact_id,
        agent=part.agent,
        queue=part.queue,
        medium=part.medium,
        was=was,
        now=to,
        reason=WHY,
    )
