"""The dispatcher as a state machine: whatever callers, agents, phones and time do, in whatever order, the invariants
of distribution hold after every step."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from telephony.acd.dispatcher import Acd
from telephony.acd.places import QueueExit, QueuePolicy
from telephony.agent import NOT_REGISTERED, Agent, Presence
from telephony.assignment import Assignment, AssignmentState
from telephony.contact import Contact, ContactState, Medium
from telephony.events import AgentPicked, Fact, IllegalMove
from telephony.ports import OfferResult
from telephony.record import Record
from tests.fakes.clock import BEGIN, VirtualClock, VirtualLoop

QUEUES = {
    "sales": QueuePolicy("sales", "longest_idle", 20, 10, None, "default"),
    "hasty": QueuePolicy("hasty", "longest_idle", 20, 0, 15, "default"),
}
STAFF = {"ana": ("sales", "hasty"), "bruno": ("sales",), "carla": ("hasty",)}
NAMES = st.sampled_from(sorted(STAFF))


@dataclass
class Told:
    """An EventSink that keeps."""

    facts: list[Fact] = field(default_factory=list)

    def publish(self, fact: Fact) -> None:
        self.facts.append(fact)


@dataclass
class Desk:
    """A Delivery whose agents do what the machine says: `ringing` and `talking` are by agent."""

    ringing: dict[str, asyncio.Future[OfferResult]] = field(default_factory=dict)
    talking: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    async def hold(self, contact: Contact, music: str) -> None:
        await asyncio.sleep(0.001)

    async def offer(self, contact: Contact, assignment: Assignment, ring_time: float) -> OfferResult:
        assert assignment.agent not in self.ringing, "her phone rings already"
        answer = self.ringing[assignment.agent] = asyncio.get_running_loop().create_future()
        try:
            done, _ = await asyncio.wait({answer}, timeout=ring_time)
            return answer.result() if done else OfferResult.UNANSWERED
        finally:
            del self.ringing[assignment.agent]

    async def talk(self, assignment: Assignment) -> None:
        left = self.talking[assignment.agent] = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait({left})
        finally:
            del self.talking[assignment.agent]

    async def release(self, contact: Contact) -> None:
        await asyncio.sleep(0.001)


class Distribution(RuleBasedStateMachine):
    """Rules are what may happen; the invariants are what must hold."""

    callers = Bundle("callers")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.told, self.desk = Told(), Desk()
        self.waits: dict[str, asyncio.Task[QueueExit]] = {}
        self.contacts: dict[str, Contact] = {}
        self.runner.run(self.open())

    async def open(self) -> None:
        self.acd = Acd(VirtualClock(), self.told, Record(self.told), {Medium.VOICE: self.desk})
        self.acd.configure(QUEUES.values(), [Agent(n, n, frozenset(queues)) for n, queues in STAFF.items()])
        for name in STAFF:
            self.acd.staff.phone_seen(name)

    def teardown(self) -> None:
        self.runner.run(self.everybody_leaves())
        self.runner.close()
        assert all(contact.over or contact.state is ContactState.ARRIVED for contact in self.contacts.values())
        assert not any(agent.assignments for agent in self.acd.agents.values())

    async def everybody_leaves(self) -> None:
        for wait in self.waits.values():
            wait.cancel()
        await asyncio.sleep(60)
        await self.acd.close()

    def settle(self, seconds: float = 0.01) -> None:
        self.runner.run(asyncio.sleep(seconds))

    @rule(target=callers, queue=st.sampled_from(sorted(QUEUES)))
    def arrives(self, queue: str) -> str:
        name = f"c{len(self.contacts)}"
        self.contacts[name] = Contact(name, f"i-{name}", Medium.VOICE, "1000", "bob", BEGIN)
        self.runner.run(self.begin(name, queue))
        return name

    async def begin(self, name: str, queue: str) -> None:
        self.waits[name] = asyncio.create_task(self.acd.enqueue(self.contacts[name], queue))
        await asyncio.sleep(0.01)

    @rule(caller=consumes(callers))
    def hangs_up(self, caller: str) -> None:
        self.waits[caller].cancel()
        self.settle()

    @rule(caller=consumes(callers), agent=NAMES, result=st.sampled_from(OfferResult))
    def hangs_up_as_she_answers(self, caller: str, agent: str, result: OfferResult) -> None:
        self.reply(agent, result)
        self.waits[caller].cancel()
        self.settle()

    @rule(agent=NAMES, result=st.sampled_from([OfferResult.ACCEPTED, *OfferResult]))
    def replies(self, agent: str, result: OfferResult) -> None:
        self.reply(agent, result)
        self.settle()

    def reply(self, agent: str, result: OfferResult) -> None:
        if (ringing := self.desk.ringing.get(agent)) and not ringing.done():
            ringing.set_result(result)

    @rule(agent=NAMES)
    def agent_hangs_up(self, agent: str) -> None:
        if (talk := self.desk.talking.get(agent)) and not talk.done():
            talk.set_result(None)
        self.settle()

    @rule(agent=NAMES, reachable=st.booleans())
    def phone(self, agent: str, reachable: bool) -> None:
        self.runner.run(self.reach(agent, reachable))

    async def reach(self, agent: str, reachable: bool) -> None:
        self.acd.staff.phone_seen(agent, "" if reachable else NOT_REGISTERED)
        await asyncio.sleep(0.01)

    @rule(agent=NAMES, presence=st.sampled_from([Presence.AVAILABLE, Presence.AWAY, Presence.OFFLINE]))
    def chooses(self, agent: str, presence: Presence) -> None:
        self.runner.run(self.choose(agent, presence))

    async def choose(self, agent: str, presence: Presence) -> None:
        self.acd.staff.choose(agent, presence, "a test")
        await asyncio.sleep(0.01)

    @rule(seconds=st.sampled_from([0.5, 5.0, 31.0]))
    def time_passes(self, seconds: float) -> None:
        self.settle(seconds)

    @invariant()
    def an_agent_has_one_assignment_at_most(self) -> None:
        assert all(len(agent.assignments) <= 1 for agent in self.acd.agents.values())

    @invariant()
    def a_contact_has_one_open_assignment_at_most(self) -> None:
        held = [each.contact_id for agent in self.acd.agents.values() for each in agent.assignments.values()]
        assert len(held) == len(set(held))

    @invariant()
    def whoever_is_offered_is_offered_to_somebody(self) -> None:
        offered = {name for name, contact in self.contacts.items() if contact.state is ContactState.OFFERED}
        assignments = [each for agent in self.acd.agents.values() for each in agent.assignments.values()]
        assert offered == {each.contact_id for each in assignments if each.state is AssignmentState.OFFERED}

    @invariant()
    def no_fit_agent_is_idle_while_somebody_waits_for_her(self) -> None:
        now = self.runner.get_loop().time()
        for place in self.acd._places.values():
            if place.contact.state is not ContactState.QUEUED:
                continue
            for agent in self.acd.agents.values():
                passed_over = place.passed_over.get(agent.name, (0.0, ""))[0] > now
                fit = agent.presence is Presence.AVAILABLE and agent.reachable and not agent.busy_with
                rests = agent.resting_until > now
                assert not fit or passed_over or rests or place.policy.name not in agent.queues

    @invariant()
    def no_move_was_illegal(self) -> None:
        assert not [fact for fact in self.told.facts if isinstance(fact, IllegalMove)]

    @invariant()
    def every_pick_says_why(self) -> None:
        for pick in (fact for fact in self.told.facts if isinstance(fact, AgentPicked)):
            assert {each.agent for each in pick.considered} == {n for n, own in STAFF.items() if pick.queue in own}
            assert [each.agent for each in pick.considered if each.agent == pick.agent and each.fit] == [pick.agent]


Distribution.TestCase.settings = settings(max_examples=400, stateful_step_count=50, deadline=None)
TestDistribution = Distribution.TestCase
