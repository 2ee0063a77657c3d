"""The agents as routing knows them: what they chose, where they sit, whether they can be reached, what they do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from telephony.acd.candidate import Candidate
from telephony.acd.seats import Seats
from telephony.agent import Agent, Presence
from telephony.assignment import Assignment
from telephony.clock import Clock
from telephony.events import OwnCallBegan, OwnCallEnded
from telephony.ledger import Person, seconds_since
from telephony.ports import EventSink, OfferResult
from telephony.record import Record
from telephony.tasks import TaskSet

RESTS_FOR: Final = 10.0
UNRESPONSIVE_FOR: Final = 30.0


class Staff:
    """`changed` is called after whatever may let an agent take another contact."""

    def __init__(self, clock: Clock, sink: EventSink, record: Record, changed: Callable[[], None]) -> None:
        self._clock, self._sink, self._record, self._changed = clock, sink, record, changed
        self.agents: dict[str, Agent] = {}
        self._seats = Seats()
        self._tasks = TaskSet("acd")

    def configure(self, agents: Iterable[Agent]) -> None:
        """Sets who there is; who is gone ends what she has begun."""
        wanted = {agent.name: agent for agent in agents}
        for agent in wanted.values():
            known = self.agents.setdefault(agent.name, agent)
            known.title, known.queues = agent.title, agent.queues
        for name in self.agents.keys() - wanted.keys():
            self._seated(self._seats.gone(name), "the agent was removed")
            self._dismiss(name)

    def phone_of(self, agent: str) -> str:
        """The phone at which she takes calls; empty when she has none."""
        return self._seats.phone_of(agent) or ""

    def take(self, assignment: Assignment) -> None:
        """Gives her a part in a contact. An agent who is in no file any more ends what she has begun."""
        nobody = Agent(assignment.agent, assignment.agent, frozenset())
        self.agents.setdefault(assignment.agent, nobody).assignments[assignment.id] = assignment

    def free(self, assignment: Assignment, idle: bool) -> None:
        """Her part is over; `idle` tells whether she is without a call from now on, not since before."""
        agent = self.agents[assignment.agent]
        agent.assignments.pop(assignment.id, None)
        if idle:
            agent.idle_since = self._clock.monotonic()
        if not agent.queues:
            self._dismiss(agent.name)

    async def close(self) -> None:
        """Ends the timers."""
        await self._tasks.close()

    def remember(self, people: Mapping[str, Person]) -> None:
        """How agents stood before a restart; it is no news."""
        for name in people.keys() & self.agents.keys():
            self._remember(self.agents[name], people[name])
        seats = {name: person.phone for name, person in people.items() if person.phone}
        self._seats.remember({name: phone for name, phone in seats.items() if {name, phone} <= self.agents.keys()})

    def _remember(self, agent: Agent, person: Person) -> None:
        agent.presence, agent.trouble = Presence(person.presence), person.trouble
        agent.idle_since = self.moment(person.idle_since)
        if agent.presence is Presence.UNRESPONSIVE:
            self._tasks.spawn(self._come_back(agent, self.moment(person.chosen_at)), f"unresponsive {agent.name}")

    def moment(self, then: datetime | None) -> float:
        """The monotonic second of a time in the past."""
        return self._clock.monotonic() - seconds_since(then, self._clock.now())

    def _dismiss(self, name: str) -> None:
        """What she has begun still frees her by name, so she stays, without queues, until then."""
        agent = self.agents[name]
        agent.queues = frozenset()
        if not agent.assignments:
            del self.agents[name]

    def phone_seen(self, phone: str, trouble: str = "") -> None:
        """What is wrong with a phone, which may be nothing."""
        self._seats.found(phone, trouble)
        self._look_at_phones([self._seats.agent_at(phone)])

    def _look_at_phones(self, names: Iterable[str]) -> None:
        """Notes which of these agents can be reached otherwise than before."""
        known = [agent for name in names if (agent := self.agents.get(name))]
        changed = [agent for agent in known if agent.trouble != self._seats.trouble(agent.name)]
        for agent in changed:
            agent.idle_since = self._clock.monotonic()
            agent.resting_until = 0.0
            self._record.reachability(agent, self._seats.trouble(agent.name))
        if changed:
            self._changed()

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
        self._changed()
        return True

    @contextmanager
    def calling(self, agent: str, dialled: str) -> Iterator[None]:
        """While her phone makes a call of its own she is offered nothing."""
        self._begin_own_call(agent, dialled)
        try:
            yield
        finally:
            self._end_own_call(agent)

    def _begin_own_call(self, agent: str, dialled: str) -> None:
        if known := self.agents.get(agent):
            known.own_calls += 1
            self._sink.publish(OwnCallBegan(agent=agent, dialled=dialled))

    def _end_own_call(self, agent: str) -> None:
        known = self.agents.get(agent)
        if known is not None and known.own_calls:
            known.own_calls -= 1
            self._sink.publish(OwnCallEnded(agent=agent))
            self._changed()

    def rest(self, name: str, result: OfferResult) -> None:
        """What an offer that failed means for the next one to her."""
        agent = self.agents[name]
        if result is OfferResult.UNANSWERED and agent.presence is Presence.AVAILABLE:
            self._record.presence(agent, Presence.UNRESPONSIVE, "a call was not answered")
            self._tasks.spawn(self._come_back(agent, self._clock.monotonic()), f"unresponsive {agent.name}")
        elif result in (OfferResult.BUSY, OfferResult.UNREACHABLE):
            agent.resting_until = self._clock.monotonic() + RESTS_FOR

    async def _come_back(self, agent: Agent, since: float) -> None:
        await self._clock.sleep(since + UNRESPONSIVE_FOR - self._clock.monotonic())
        if agent.presence is Presence.UNRESPONSIVE:
            self._record.presence(agent, Presence.AVAILABLE, "the time-out after a missed call is over")
            self._changed()

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
