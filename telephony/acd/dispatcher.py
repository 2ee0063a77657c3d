"""Carries out what the router decides. Each waiting contact is served by its own call's task, so that one
cancellation, the caller's hang-up, ends whatever is under way, in one place."""

import asyncio
import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from telephony.acd.candidate import Candidate, Rules
from telephony.acd.places import Place, QueueExit, QueuePolicy, without_rules
from telephony.acd.router import NOTHING, Decision, Pick, decide
from telephony.acd.staff import Staff
from telephony.agent import Agent
from telephony.assignment import TALKING, Assignment, AssignmentState
from telephony.clock import Clock
from telephony.contact import HUNG_UP, Contact, ContactState, Medium
from telephony.events import AgentPicked, Considered
from telephony.ids import new_id
from telephony.ledger import seconds_since
from telephony.ports import Delivery, EventSink, OfferResult
from telephony.record import Record
from telephony.tasks import TaskSet

PASSED_OVER_FOR: Final = 30.0
_PASSED_OVER: Final[Mapping[OfferResult, tuple[float, str]]] = {
    OfferResult.REFUSED: (PASSED_OVER_FOR, "refused this call a moment ago"),
    OfferResult.BUSY: (PASSED_OVER_FOR, "her phone was busy for this call a moment ago"),
    OfferResult.UNANSWERED: (PASSED_OVER_FOR, "did not answer this call a moment ago"),
    OfferResult.UNREACHABLE: (PASSED_OVER_FOR, "her phone could not be reached for this call a moment ago"),
    OfferResult.FAILED: (1.0, "the offer of this call could not be made"),
}


class Acd:
    """The live state of queues and agents, and the one way into a queue."""

    def __init__(
        self,
        clock: Clock,
        sink: EventSink,
        record: Record,
        deliveries: Mapping[Medium, Delivery],
    ) -> None:
        self._clock, self._sink, self._record, self._deliveries = clock, sink, record, deliveries
        self._queues: dict[str, QueuePolicy] = {}
        self._places: dict[str, Place] = {}
        self._returned: dict[str, Place] = {}
        self._offering = True
        self._sequence = itertools.count(1)
        self._tasks = TaskSet("acd")
        self.staff = Staff(clock, sink, record, self._route)
        self._due: asyncio.TimerHandle | None = None

    def configure(self, queues: Iterable[QueuePolicy], agents: Iterable[Agent]) -> None:
        """Sets queues and agents, also while contacts wait and agents talk.

        Who waits in a queue that is gone keeps its rules."""
        self._queues = {queue.name: queue for queue in queues}
        for place in self._places.values():
            place.policy = self._queues.get(place.policy.name, place.policy)
        self.staff.configure(agents)
        self._route()

    @property
    def agents(self) -> Mapping[str, Agent]:
        """All agents by their names."""
        return self.staff.agents

    def waiting(self, queue: str) -> int:
        """How many contacts wait in a queue."""
        return sum(place.policy.name == queue for place in self._places.values())

    def unoffered(self) -> Mapping[str, str]:
        """The contacts that wait and are not being offered, and the music that each should hear."""
        waits = (place for id, place in self._places.items() if not place.picked.done() and id not in self._returned)
        return {place.contact.id: place.policy.music for place in waits}

    def overlooks(self) -> bool:
        """Whether there is an offer to be made that nobody makes."""
        return self._offering and bool(self._decide(self._clock.monotonic()).picks)

    def let_go(self, assignment: str) -> None:
        """Ends an agent's part in a contact that is over."""
        for agent in list(self.agents.values()):
            if part := agent.assignments.get(assignment):
                self.finish(part, None, "the contact was over")
        self._route()

    def talking(self, queue: str) -> int:
        """How many contacts of a queue talk with an agent."""
        parts = (part for agent in self.agents.values() for part in agent.assignments.values())
        return sum(part.queue == queue and part.state in TALKING for part in parts)

    def longest_wait(self, queue: str) -> float | None:
        """For how many seconds the oldest of them waits; None when nobody does."""
        waits = [place.since for place in self._places.values() if place.policy.name == queue]
        return self._clock.monotonic() - min(waits) if waits else None

    def wrap_up_of(self, assignment: Assignment) -> float:
        """How many seconds its wrap-up takes."""
        policy = self._queues.get(assignment.queue)
        return policy.wrap_up if policy else 0.0

    def pause(self, highest: int) -> None:
        """Offers nothing until `go_on`: what waits and what phones do is not known yet. Contacts had sequences up to
        the `highest`."""
        self._offering = False
        self._sequence = itertools.count(max(highest + 1, next(self._sequence)))

    def go_on(self) -> None:
        """Offers are made from now on."""
        self._offering = True
        self._route()

    def take_up(self, contact: Contact, queued_at: datetime | None, assignment: Assignment | None) -> None:
        """A contact that waited, was offered or talked before a restart: its `enqueue` goes on from there."""
        policy = self._queues.get(contact.queue or "") or without_rules(contact.queue or "")
        picked: asyncio.Future[Assignment] = asyncio.get_running_loop().create_future()
        place = Place(contact, policy, contact.sequence or next(self._sequence), self.staff.moment(queued_at), picked)
        if assignment:
            picked.set_result(assignment)
            self.staff.take(assignment)
        self._returned[contact.id] = place
        if contact.state is not ContactState.CONNECTED:
            self._places[contact.id] = place

    def drop(self, contact: Contact) -> Assignment | None:
        """Forgets a contact that was taken up and whose flow did not go on to its queue; returns the agent's part that
        ended with it."""
        if (place := self._returned.pop(contact.id, None)) is None:
            return None
        self._places.pop(contact.id, None)
        if not place.picked.done():
            return None
        self.finish(place.picked.result(), None, "the contact went no further")
        return place.picked.result()

    def finish(self, assignment: Assignment, since: datetime | None, reason: str) -> None:
        """Ends, or goes on to end, what an agent had begun before a restart: its contact needs her no more."""
        self.staff.take(assignment)
        if assignment.state is AssignmentState.OFFERED:
            self._withdraw(assignment, reason)
            return
        if assignment.state is AssignmentState.ACCEPTED:
            self._record.assignment(assignment, AssignmentState.ACTIVE)
        if assignment.state is not AssignmentState.WRAP_UP:
            self._record.assignment(assignment, AssignmentState.WRAP_UP)
            since = None
        self._go_on_wrapping_up(assignment, self.wrap_up_of(assignment) - seconds_since(since, self._clock.now()))

    async def enqueue(self, contact: Contact, queue: str) -> QueueExit:
        """Waits, is offered, talks; returns when the customer is still there and it is over. A queue outside its
        hours, or that is not there (any more), is closed; who waits already is served.

        Cancelled when the customer leaves: the contact is then abandoned or closed, and nothing rings on.
        """
        if (place := self._returned.pop(contact.id, None)) is None:
            if (policy := self._queues.get(queue)) is None or not policy.is_open(self._clock.now()):
                return QueueExit.CLOSED
            place = self._enter(contact, policy)
        delivery = self._deliveries[contact.medium]
        if contact.state is ContactState.CONNECTED:
            return await self._talk(place, place.picked.result(), delivery)
        try:
            async with asyncio.timeout(place.patience(self._clock.monotonic())) as limit:
                assignment = await self._until_accepted(place, delivery)
                limit.reschedule(None)
        except TimeoutError:
            return await self._give_up(place, delivery, QueueExit.TIMED_OUT)
        except asyncio.CancelledError as end:
            self._leave(place, ContactState.ABANDONED, str(end) or HUNG_UP)
            raise
        return await self._talk(place, assignment, delivery)

    async def close(self) -> None:
        """Ends all timers."""
        if self._due:
            self._due.cancel()
        await self._tasks.close()
        await self.staff.close()

    def _enter(self, contact: Contact, policy: QueuePolicy) -> Place:
        contact.queue = policy.name
        contact.sequence = contact.sequence or next(self._sequence)
        now = self._clock.monotonic()
        place = Place(contact, policy, contact.sequence, now, asyncio.get_running_loop().create_future())
        self._record.contact(contact, ContactState.QUEUED)
        self._places[contact.id] = place
        self._route()
        return place

    def _leave(self, place: Place, to: ContactState, reason: str) -> None:
        self._places.pop(place.contact.id, None)
        if place.picked.done() and not place.picked.cancelled():
            self._withdraw(place.picked.result(), reason)
        self._record.contact(place.contact, to, reason)
        self._route()

    async def _give_up(self, place: Place, delivery: Delivery, way: QueueExit) -> QueueExit:
        self._leave(place, ContactState.ARRIVED, way)
        await delivery.release(place.contact)
        return way

    async def _until_accepted(self, place: Place, delivery: Delivery) -> Assignment:
        while True:
            if not place.picked.done():
                await delivery.hold(place.contact, place.policy.music)
            assignment = await place.picked
            result = await delivery.offer(place.contact, assignment, place.policy.ring_time)
            if result is OfferResult.ACCEPTED:
                return self._accepted(place, assignment)
            self._failed(place, assignment, result)

    def _accepted(self, place: Place, assignment: Assignment) -> Assignment:
        del self._places[place.contact.id]
        place.contact.served = True
        self._record.assignment(assignment, AssignmentState.ACCEPTED)
        self._record.contact(place.contact, ContactState.CONNECTED)
        self._record.assignment(assignment, AssignmentState.ACTIVE)
        return assignment

    def _failed(self, place: Place, assignment: Assignment, result: OfferResult) -> None:
        """Takes an offer back into the queue, with the contact's age kept and this agent passed over for a while."""
        seconds, why = _PASSED_OVER[result]
        place.passed_over[assignment.agent] = (self._clock.monotonic() + seconds, why)
        place.picked = asyncio.get_running_loop().create_future()
        to = AssignmentState.REFUSED if result is not OfferResult.UNANSWERED else AssignmentState.UNANSWERED
        self._free(assignment, to, result)
        self._record.contact(place.contact, ContactState.QUEUED, result)
        self.staff.rest(assignment.agent, result)
        self._route()

    async def _talk(self, place: Place, assignment: Assignment, delivery: Delivery) -> QueueExit:
        contact = place.contact
        try:
            await delivery.talk(assignment)
        except asyncio.CancelledError as end:
            self._record.contact(contact, ContactState.CLOSED, str(end) or HUNG_UP)
            raise
        finally:
            self._begin_wrap_up(assignment, place.policy.wrap_up)
        self._record.contact(contact, ContactState.ARRIVED, "the agent left")
        await delivery.release(contact)
        return QueueExit.SERVED

    def _begin_wrap_up(self, assignment: Assignment, seconds: float) -> None:
        self._record.assignment(assignment, AssignmentState.WRAP_UP)
        self._go_on_wrapping_up(assignment, seconds)

    def _go_on_wrapping_up(self, assignment: Assignment, seconds: float) -> None:
        self._tasks.spawn(self._wrap_up(assignment, seconds), f"wrap-up {assignment.id}")

    async def _wrap_up(self, assignment: Assignment, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._free(assignment, AssignmentState.DONE, "")
        self._route()

    def _withdraw(self, assignment: Assignment, reason: str) -> None:
        if assignment.state is AssignmentState.OFFERED:
            self._free(assignment, AssignmentState.WITHDRAWN, reason)

    def _free(self, assignment: Assignment, to: AssignmentState, reason: str) -> None:
        self.staff.free(assignment, idle=to is not AssignmentState.WITHDRAWN)
        self._record.assignment(assignment, to, reason)

    def _route(self) -> None:
        """One round of the router; called after everything that could change its answer."""
        if not self._offering:
            return
        now = self._clock.monotonic()
        decision = self._decide(now)
        for pick in decision.picks:
            self._offer(self._places[pick.contact.contact_id], pick, now)
        self._call_again(decision.again_at)

    def _decide(self, now: float) -> Decision:
        open_places = [place for place in self._places.values() if not place.picked.done()]
        if not open_places:
            return NOTHING
        rules = {place.policy.name: Rules(place.policy.strategy) for place in open_places}
        return decide([p.waiting() for p in open_places], self._candidates(), rules, now)

    def _call_again(self, at: float | None) -> None:
        if self._due:
            self._due.cancel()
        self._due = None
        if at is not None:
            delay = max(0.0, at - self._clock.monotonic())
            self._due = asyncio.get_running_loop().call_later(delay, self._route)

    def _candidates(self) -> list[Candidate]:
        return [self.staff.candidate(agent) for agent in self.agents.values()]

    def _offer(self, place: Place, pick: Pick, now: float) -> None:
        contact = place.contact
        self._sink.publish(
            AgentPicked(
                interaction_id=contact.interaction_id,
                contact_id=contact.id,
                queue=place.policy.name,
                agent=pick.agent,
                strategy=pick.strategy,
                waited=round(now - place.since, 3),
                position=pick.position,
                considered=tuple(Considered(name, v.fit, v.because) for name, v in pick.considered),
            )
        )
        assignment = Assignment(
            new_id(),
            contact.id,
            contact.interaction_id,
            pick.agent,
            place.policy.name,
            contact.medium,
            phone=self.staff.phone_of(pick.agent),
        )
        self.staff.take(assignment)
        self._record.assignment_began(assignment)
        self._record.contact(contact, ContactState.OFFERED, pick.agent)
        place.picked.set_result(assignment)
