"""The floor as it is now: how each agent stands to the router, since when and until when at the latest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.acd.dispatcher import Acd
from telephony.acd.staff import RESTS_FOR, UNRESPONSIVE_FOR
from telephony.acd.standing import Standing, standing, words
from telephony.agent import Agent
from telephony.assignment import AssignmentState
from telephony.clock import Clock
from telephony.events import AssignmentMoved, Fact, OwnCallBegan, OwnCallEnded, PresenceChanged, ReachabilityChanged
from telephony.ledger import Person


@dataclass(frozen=True, slots=True)
class Line:
    """The one line about an agent. `code` is the standing; `until` is known where time ends it."""

    code: Standing
    text: str
    ends: str
    since: datetime
    until: datetime | None = None


class Floor:
    """Follows the facts: when an agent's standing changed, that was when it began."""

    def __init__(self, acd: Acd, clock: Clock) -> None:
        self._acd, self._clock = acd, clock
        self._began = clock.now()
        self._since: dict[str, tuple[Standing, datetime]] = {}
        self._reasons: dict[str, str] = {}

    def follow(self, fact: Fact) -> None:
        """Takes a fact, at once."""
        if isinstance(fact, PresenceChanged):
            self._reasons[fact.agent] = fact.reason
        match fact:
            case (
                PresenceChanged(agent=name)
                | ReachabilityChanged(agent=name)
                | AssignmentMoved(agent=name)
                | OwnCallBegan(agent=name)
                | OwnCallEnded(agent=name)
            ) if agent := self._acd.agents.get(name):
                # Whom nobody has looked at yet had no phone until now.
                self._since.setdefault(agent.name, (Standing.PHONE, self._began))
                self._note(agent)

    def remember(self, people: Mapping[str, Person]) -> None:
        """How agents stood before a restart."""
        for name in people.keys() & self._acd.agents.keys():
            person = people[name]
            self._reasons[name] = person.reason
            if person.stands_since:
                self._since[name] = self.standing(self._acd.agents[name]), person.stands_since

    def reason(self, name: str) -> str:
        """Why an agent's presence is what it is; empty when nothing was ever chosen."""
        return self._reasons.get(name, "")

    def standing(self, agent: Agent) -> Standing:
        """What an agent is to the router now."""
        return standing(self._acd.staff.candidate(agent), self._clock.monotonic())

    def line(self, name: str) -> Line:
        """An agent's line now. Raises KeyError for nobody."""
        agent = self._acd.agents[name]
        now, since = self._note(agent)
        said = words(now, agent.trouble)
        return Line(now, said.text, said.ends, since, self._until(agent, now, since))

    def _note(self, agent: Agent) -> tuple[Standing, datetime]:
        """Notes how she stands; facts come before some of what they bring about, so it is looked at anew."""
        now = self.standing(agent)
        was = self._since.get(agent.name)
        if was is None or was[0] is not now:
            self._since[agent.name] = was = now, self._beginning(agent, now) if was else self._began
        return was

    def _beginning(self, agent: Agent, now: Standing) -> datetime:
        """Resting begins and ends without a fact of its own."""
        if now is Standing.RESTING:
            return self._at(agent.resting_until - RESTS_FOR)
        return self._at(max(agent.resting_until, agent.idle_since)) if now is Standing.FREE else self._clock.now()

    def _at(self, moment: float) -> datetime:
        """The time of a monotonic second."""
        return self._clock.now() + timedelta(seconds=moment - self._clock.monotonic())

    def _until(self, agent: Agent, now: Standing, since: datetime) -> datetime | None:
        if now is Standing.UNRESPONSIVE:
            return since + timedelta(seconds=UNRESPONSIVE_FOR)
        if now is Standing.RESTING:
            return self._at(agent.resting_until)
        if now is Standing.WRAP_UP:
            part = next(each for each in agent.assignments.values() if each.state is AssignmentState.WRAP_UP)
            return since + timedelta(seconds=self._acd.wrap_up_of(part))
        return None
