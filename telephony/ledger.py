"""The ledger: what goes on, as the facts tell it. From it a controller takes up what an earlier one left. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from telephony import assignment, contact
from telephony.agent import NOT_REGISTERED
from telephony.assignment import TALKING, AssignmentState
from telephony.contact import ContactState
from telephony.events import (
    AssignmentMoved,
    ContactArrived,
    ContactMoved,
    Fact,
    InteractionMoved,
    InteractionOpened,
    LegMoved,
    NodeEntered,
    NodeLeft,
    PresenceChanged,
    ReachabilityChanged,
    SeatChanged,
)
from telephony.leg import LegState, Party

_OVER: Final = frozenset(str(state) for state, following in contact.TRANSITIONS.items() if not following)
_DONE: Final = frozenset(str(state) for state, following in assignment.TRANSITIONS.items() if not following)
_IN_QUEUE: Final = frozenset({ContactState.QUEUED, ContactState.OFFERED})


class Point(msgspec.Struct):
    """Where a flow is: in a node since its `attempt`-th entry, or, with an `exit`, on the way out of it. `told` is the
    number of the fact that told it."""

    flow: str
    revision: str
    node: str
    attempt: int = 1
    variables: dict[str, str] = {}
    exit: str = ""
    told: int = 0


class Visit(msgspec.Struct):
    """A contact that goes on. `leg` is the caller's, `queued_at` when she began to wait, `at` when she last moved,
    `told` the number of the fact that told of her arrival."""

    id: str
    interaction_id: str
    medium: str
    address: str
    customer: str
    customer_name: str
    arrived_at: datetime
    at: datetime
    state: str = ContactState.ARRIVED
    queue: str | None = None
    sequence: int | None = None
    queued_at: datetime | None = None
    served: bool = False
    leg: str = ""
    point: Point | None = None
    told: int = 0


class Part(msgspec.Struct):
    """An assignment that goes on, in its state since `at`. `leg` is the agent's."""

    id: str
    contact_id: str
    interaction_id: str
    agent: str
    queue: str
    medium: str
    state: str
    at: datetime
    leg: str = ""


class KnownLeg(msgspec.Struct):
    """A leg that has not ended."""

    id: str
    party: str
    contact_id: str
    interaction_id: str
    state: str


class Person(msgspec.Struct):
    """An agent: what she chose and when, where she sits, what is wrong with her phone, and since when she is idle and
    stands as she does."""

    presence: str = "available"
    reason: str = ""
    chosen_at: datetime | None = None
    phone: str = ""
    trouble: str = NOT_REGISTERED
    idle_since: datetime | None = None
    stands_since: datetime | None = None


class Ledger(msgspec.Struct):
    """All that goes on, by ids; `matters` are the interactions that are open, with their states."""

    visits: dict[str, Visit] = {}
    parts: dict[str, Part] = {}
    legs: dict[str, KnownLeg] = {}
    people: dict[str, Person] = {}
    matters: dict[str, str] = {}
    highest: int = 0

    def follow(self, fact: Fact, at: datetime, number: int) -> None:
        """Takes one fact of a time, with its number; those that concern nothing that goes on are passed over."""
        match fact:
            case ContactArrived():
                self.visits[fact.contact_id] = _visit(fact, at, number)
            case ContactMoved() if visit := self.visits.get(fact.contact_id):
                self._contact_moved(visit, fact, at)
            case AssignmentMoved():
                self._assignment_moved(fact, at)
            case LegMoved():
                self._leg_moved(fact)
            case NodeEntered() if visit := self.visits.get(fact.contact_id):
                visit.point = Point(fact.flow, fact.revision, fact.node, fact.attempt, dict(fact.variables), "", number)
            case NodeLeft() if (visit := self.visits.get(fact.contact_id)) and visit.point:
                visit.point.exit = fact.exit
            case InteractionOpened():
                self.matters[fact.interaction_id] = "open"
            case InteractionMoved():
                self._matter_moved(fact)
            case PresenceChanged() | ReachabilityChanged() | SeatChanged():
                self._person_moved(fact, at)

    def summary(self) -> bytes:
        """As JSON, without what is a customer's own: that stays where it can be erased."""
        bare = {id: _without_words(visit) for id, visit in self.visits.items()}
        return msgspec.json.encode(msgspec.structs.replace(self, visits=bare))

    def words(self) -> Mapping[int, str]:
        """The numbers of the facts that hold what a summary leaves out, and of which interactions they are."""
        told = {visit.told: visit.interaction_id for visit in self.visits.values()}
        return told | {visit.point.told: visit.interaction_id for visit in self.visits.values() if visit.point}

    def fill(self, contents: Mapping[int, Mapping[str, Any]]) -> None:
        """Puts back what a summary leaves out, by the numbers of facts."""
        for visit in self.visits.values():
            said = contents.get(visit.told, {})
            visit.customer, visit.customer_name = said.get("customer", ""), said.get("customer_name", "")
            if visit.point:
                visit.point.variables = dict(contents.get(visit.point.told, {}).get("variables", {}))

    def _contact_moved(self, visit: Visit, fact: ContactMoved, at: datetime) -> None:
        if fact.now in _OVER:
            del self.visits[visit.id]
            return
        if fact.now == ContactState.ARRIVED and visit.point:
            # The queue was left: should nothing more have been told, its node is left by this exit.
            visit.point.exit = "served" if fact.was == ContactState.CONNECTED else fact.reason
        if fact.now in _IN_QUEUE and fact.was not in _IN_QUEUE:
            visit.queued_at = at
        visit.state, visit.queue, visit.sequence, visit.at = fact.now, fact.queue, fact.sequence, at
        visit.served = visit.served or fact.now == ContactState.CONNECTED
        self.highest = max(self.highest, fact.sequence or 0)

    def _assignment_moved(self, fact: AssignmentMoved, at: datetime) -> None:
        person = self._person(fact.agent)
        person.stands_since = at
        if fact.now in _DONE:
            self.parts.pop(fact.assignment_id, None)
            if fact.now != AssignmentState.WITHDRAWN:
                person.idle_since = at
        elif part := self.parts.get(fact.assignment_id):
            part.state, part.at = fact.now, at
        else:
            self.parts[fact.assignment_id] = Part(
                fact.assignment_id,
                fact.contact_id,
                fact.interaction_id,
                fact.agent,
                fact.queue,
                fact.medium,
                fact.now,
                at,
            )

    def _leg_moved(self, fact: LegMoved) -> None:
        if fact.now == LegState.ENDED:
            self.legs.pop(fact.leg_id, None)
        elif leg := self.legs.get(fact.leg_id):
            leg.state = fact.now
        else:
            self.legs[fact.leg_id] = KnownLeg(fact.leg_id, fact.party, fact.contact_id, fact.interaction_id, fact.now)
            self._give(fact)

    def _give(self, fact: LegMoved) -> None:
        """A caller's leg is her contact's; an agent's is that of the one who is being offered it."""
        if fact.party == Party.CALLER and (visit := self.visits.get(fact.contact_id)):
            visit.leg = fact.leg_id
        elif part := self.part_of(fact.contact_id):
            part.leg = fact.leg_id

    def _matter_moved(self, fact: InteractionMoved) -> None:
        if fact.now == "closed":
            self.matters.pop(fact.interaction_id, None)
        else:
            self.matters[fact.interaction_id] = fact.now

    def _person_moved(self, fact: PresenceChanged | ReachabilityChanged | SeatChanged, at: datetime) -> None:
        person = self._person(fact.agent)
        match fact:
            case PresenceChanged():
                person.presence, person.reason, person.chosen_at = fact.now, fact.reason, at
                person.idle_since = at if fact.now == "available" else person.idle_since
            case ReachabilityChanged():
                person.trouble, person.idle_since = fact.reason, at
            case SeatChanged():
                person.phone = "" if fact.phone == fact.agent else fact.phone
                return
        person.stands_since = at

    def _person(self, name: str) -> Person:
        return self.people.setdefault(name, Person())

    def offers(self) -> dict[str, str]:
        """The callers' legs of all that is being offered, and the agents' that ring for them."""
        rings = [part for part in self.parts.values() if part.state == AssignmentState.OFFERED and part.leg]
        return {visit.leg: part.leg for part in rings if (visit := self.visits.get(part.contact_id))}

    def part_of(self, contact_id: str) -> Part | None:
        """The assignment by which a contact is offered or talked to now."""
        open = (each for each in self.parts.values() if each.contact_id == contact_id)
        return next((each for each in open if each.state == AssignmentState.OFFERED or each.state in TALKING), None)


def _without_words(visit: Visit) -> Visit:
    point = msgspec.structs.replace(visit.point, variables={}) if visit.point else None
    return msgspec.structs.replace(visit, customer="", customer_name="", point=point)


def _visit(fact: ContactArrived, at: datetime, number: int) -> Visit:
    return Visit(
        fact.contact_id,
        fact.interaction_id,
        fact.medium,
        fact.address,
        fact.customer,
        fact.customer_name,
        at,
        at,
        told=number,
    )


def seconds_since(then: datetime | None, now: datetime) -> float:
    """How long ago; never less than nothing, should the wall clock have been set back."""
    return max(0.0, (now - then) / timedelta(seconds=1)) if then else 0.0
