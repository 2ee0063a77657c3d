"""Carries out what the router decides. Each waiting contact is served by its own call's task, so that one
cancellation, the caller's hang-up, ends whatever is under way, in one place."""

import asyncio
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from telephony.acd.candidate import Candidate, Rules
from telephony.acd.places import Place, QueueExit, QueuePolicy
from telephony.acd.router import Pick, decide
from telephony.acd.seats import Seats
from telephony.agent import Agent, Presence
from telephony.assignment import TALKING, Assignment, AssignmentState
from telephony.clock import Clock
from telephony.contact import Contact, ContactState, Medium
from telephony.events import AgentPicked, Considered, OwnCallBegan, OwnCallEnded
from telephony.ids import new_id
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
RESTS_FOR: Final = 10.0
UNRESPONSIVE_FOR: Final = 30.0


class Acd:
    """The live state of queues and agents, and the one way into a queue."""

    def __init__(
        self,
        clock: Clock,
        sink: EventSink,
        record: Record,
        deliveries: Mapping[Medium, Delivery],
        first_sequence: int = 1,
    ) -> None:
        self._clock, self._sink, self._record, self._deliveries = clock, sink, record, deliveries
        self._queues: dict[str, QueuePolicy] = {}
        self.agents: dict[str, Agent] = {}
        self._places: dict[str, Place] = {}
        self._elsewhere: set[str] = set()
        self._seats = Seats()
        self._sequence = itertools.count(first_sequence)
        self._tasks = TaskSet("acd")
        self._due: asyncio.TimerHandle | None = None

    def configure(self, queues: Iterable[QueuePolicy], agents: Iterable[Agent]) -> None:
        """Sets queues and agents, also while contacts wait and agents talk.

        Who waits in a queue that is gone keeps its rules; an agent who is gone ends what she has begun."""
        self._queues = {queue.name: queue for queue in queues}
        for place in self._places.values():
            place.policy = self._queues.get(place.policy.name, place.policy)
        wanted = {agent.name: agent for agent in agents}
        for agent in wanted.values():
            known = self.agents.setdefault(agent.name, agent)
            known.title, known.queues = agent.title, agent.queues
        for name in self.agents.keys() - wanted.keys():
            self._seated(self._seats.gone(name), "the agent was removed")
            self._dismiss(name)
        self._route()

    def _dismiss(self, name: str) -> None:
        """What she has begun still frees her by name, so she stays, without queues, until then."""
        agent = self.agents[name]
        agent.queues = frozenset()
        if not agent.assignments:
            del self.agents[name]

    def waiting(self, queue: str) -> int:
        """How many contacts wait in a queue."""
        return sum(place.policy.name == queue for place in self._places.values())

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

    def phone_seen(self, phone: str, trouble: str = "") -> None:
        """What is wrong with a phone, which may be nothing."""
        self._seats.found(phone, trouble)
        self._look_at_phones([self._seats.agent_at(phone)])

    def remember(self, presences: Mapping[str, Presence], seats: Mapping[str, str]) -> None:
        """What agents chose before a restart, and at which phones they were; it is no news."""
        for name in presences.keys() & self.agents.keys():
            self.agents[name].presence = presences[name]
        self._seats.remember({a: at for a, at in seats.items() if {a, at} <= self.agents.keys()})

    def agent_at(self, phone: str) -> str:
        """Who takes calls at a phone."""
        return self._seats.agent_at(phone)

    def sign_in(self, agent: str, phone: str, reason: str) -> bool:
        """An agent takes calls, from now on at this phone; tells whether there is such an agent, and she may."""
        if agent not in self.agents:
            return False
        self._seated(self._seats.sit(agent, phone), reason)
        return self.choose(agent, Presence.AVAILABLE, reason)

    def _seated(self, changes: Iterable[tuple[str, str]], reason: str) -> None:
        for agent, phone in changes:
            self._record.seat(agent, phone, reason)
        self._look_at_phones(self.agents)

    def _look_at_phones(self, names: Iterable[str]) -> None:
        """Notes which of these agents can be reached otherwise than before."""
        known = [agent for name in names if (agent := self.agents.get(name))]
        changed = [agent for agent in known if agent.trouble != self._seats.trouble(agent.name)]
        for agent in changed:
            agent.idle_since = self._clock.monotonic()
            agent.resting_until = 0.0
            self._record.reachability(agent, self._seats.trouble(agent.name))
        if changed:
            self._route()

    def choose(self, agent: str, presence: Presence, reason: str) -> bool:
        """An agent says whether she takes contacts; tells whether there is such an agent, and she may.

        Who signs out leaves another's phone to its owner."""
        if (known := self.agents.get(agent)) is None:
            return False
        if presence is Presence.OFFLINE:
            self._seated(self._seats.leave(agent), reason)
        if known.presence is presence:
            return True
        if not self._record.presence(known, presence, reason):
            return False
        if presence is Presence.AVAILABLE:
            known.idle_since = self._clock.monotonic()
        self._route()
        return True

    @contextmanager
    def calling(self, agent: str, dialled: str) -> Iterator[None]:
        """While her phone makes a call of its own she is offered nothing."""
        self._begin_own_call(agent, dialled)
        try:
            yield
        finally:
            self._end_own_call(agent)

    def talk_elsewhere(self, phones: Collection[str]) -> None:
        """At these phones talks go on that an earlier controller began: who is there is offered nothing."""
        now = self.agents.keys() & {self.agent_at(phone) for phone in phones}
        for name in now - self._elsewhere:
            self._begin_own_call(name, "")
        for name in self._elsewhere - now:
            self._end_own_call(name)
        self._elsewhere = now

    def _begin_own_call(self, agent: str, dialled: str) -> None:
        if known := self.agents.get(agent):
            known.own_calls += 1
            self._sink.publish(OwnCallBegan(agent=agent, dialled=dialled))

    def _end_own_call(self, agent: str) -> None:
        known = self.agents.get(agent)
        if known is not None and known.own_calls:
            known.own_calls -= 1
            self._sink.publish(OwnCallEnded(agent=agent))
            self._route()

    async def enqueue(self, contact: Contact, queue: str) -> QueueExit:
        """Waits, is offered, talks; returns when the customer is still there and it is over. A queue outside its
        hours, or that is not there (any more), is closed; who waits already is served.

        Cancelled when the customer leaves: the contact is then abandoned or closed, and nothing rings on.
        """
        if (policy := self._queues.get(queue)) is None or not policy.is_open(self._clock.now()):
            return QueueExit.CLOSED
        place = self._enter(contact, policy)
        delivery = self._deliveries[contact.medium]
        try:
            async with asyncio.timeout(place.policy.max_wait) as limit:
                assignment = await self._until_accepted(place, delivery)
                limit.reschedule(None)
        except TimeoutError:
            return await self._give_up(place, delivery, QueueExit.TIMED_OUT)
        except asyncio.CancelledError:
            self._leave(place, ContactState.ABANDONED, "the caller hung up")
            raise
        return await self._talk(place, assignment, delivery)

    async def close(self) -> None:
        """Ends the timers of wrap-up."""
        if self._due:
            self._due.cancel()
        await self._tasks.close()

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
        self._rest(self.agents[assignment.agent], result)
        self._route()

    def _rest(self, agent: Agent, result: OfferResult) -> None:
        if result is OfferResult.UNANSWERED and agent.presence is Presence.AVAILABLE:
            self._record.presence(agent, Presence.UNRESPONSIVE, "a call was not answered")
            self._tasks.spawn(self._come_back(agent), f"unresponsive {agent.name}")
        elif result in (OfferResult.BUSY, OfferResult.UNREACHABLE):
            agent.resting_until = self._clock.monotonic() + RESTS_FOR

    async def _come_back(self, agent: Agent) -> None:
        await self._clock.sleep(UNRESPONSIVE_FOR)
        if agent.presence is Presence.UNRESPONSIVE:
            self._record.presence(agent, Presence.AVAILABLE, "the time-out after a missed call is over")
            self._route()

    async def _talk(self, place: Place, assignment: Assignment, delivery: Delivery) -> QueueExit:
        contact = place.contact
        try:
            await delivery.talk(assignment)
        except asyncio.CancelledError:
            self._record.contact(contact, ContactState.CLOSED, "the caller hung up")
            raise
        finally:
            self._begin_wrap_up(assignment, place.policy.wrap_up)
        self._record.contact(contact, ContactState.ARRIVED, "the agent left")
        await delivery.release(contact)
        return QueueExit.SERVED

    def _begin_wrap_up(self, assignment: Assignment, seconds: float) -> None:
        self._record.assignment(assignment, AssignmentState.WRAP_UP)
        self._tasks.spawn(self._wrap_up(assignment, seconds), f"wrap-up {assignment.id}")

    async def _wrap_up(self, assignment: Assignment, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._free(assignment, AssignmentState.DONE, "")
        self._route()

    def _withdraw(self, assignment: Assignment, reason: str) -> None:
        if assignment.state is AssignmentState.OFFERED:
            self._free(assignment, AssignmentState.WITHDRAWN, reason)

    def _free(self, assignment: Assignment, to: AssignmentState, reason: str) -> None:
        agent = self.agents[assignment.agent]
        agent.assignments.pop(assignment.id, None)
        if to is not AssignmentState.WITHDRAWN:
            agent.idle_since = self._clock.monotonic()
        self._record.assignment(assignment, to, reason)
        if not agent.queues:
            self._dismiss(agent.name)

    def _route(self) -> None:
        """One round of the router; called after everything that could change its answer."""
        now = self._clock.monotonic()
        open_places = [place for place in self._places.values() if not place.picked.done()]
        if not open_places:
            return
        rules = {place.policy.name: Rules(place.policy.strategy) for place in open_places}
        decision = decide([p.waiting() for p in open_places], self._candidates(), rules, now)
        for pick in decision.picks:
            self._offer(self._places[pick.contact.contact_id], pick, now)
        self._call_again(decision.again_at)

    def _call_again(self, at: float | None) -> None:
        if self._due:
            self._due.cancel()
        self._due = None
        if at is not None:
            delay = max(0.0, at - self._clock.monotonic())
            self._due = asyncio.get_running_loop().call_later(delay, self._route)

    def candidate(self, agent: Agent) -> Candidate:
        """An agent as the router weighs her."""
        return Candidate(
            agent.name,
            agent.queues,
            agent.presence,
            agent.trouble,
            agent.busy_with,
            agent.resting_until,
            agent.idle_since,
        )

    def _candidates(self) -> list[Candidate]:
        return [self.candidate(agent) for agent in self.agents.values()]

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
            phone=self._seats.phone_of(pick.agent) or "",
        )
        self.agents[pick.agent].assignments[assignment.id] = assignment
        self._record.assignment_began(assignment)
        self._record.contact(contact, ContactState.OFFERED, pick.agent)
        place.picked.set_result(assignment)
