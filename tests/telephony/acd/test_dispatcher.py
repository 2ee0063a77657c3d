"""The dispatcher by itself: a delivery that does what the test says, in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from telephony.acd.dispatcher import Acd
from telephony.acd.places import QueueExit, QueuePolicy
from telephony.agent import Agent, Presence
from telephony.assignment import Assignment
from telephony.contact import Contact, ContactState, Medium
from telephony.events import AgentPicked, Fact, PresenceChanged
from telephony.ledger import Person
from telephony.ports import OfferResult
from telephony.record import Record
from tests.fakes.clock import BEGIN, VirtualClock, on_virtual_time

SALES = QueuePolicy("sales", "longest_idle", 20, 10, None, "default")
SUPPORT = QueuePolicy("support", "longest_idle", 20, 10, None, "default")


@dataclass
class Told:
    """An EventSink that keeps."""

    facts: list[Fact] = field(default_factory=list)

    def publish(self, fact: Fact) -> None:
        self.facts.append(fact)


@dataclass
class Desk:
    """A Delivery whose agents answer at once, and talk until `hung_up` is set, unless `answers` says otherwise."""

    answers: dict[str, OfferResult] = field(default_factory=dict)
    offers: list[tuple[float, str, str]] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def hold(self, contact: Contact, music: str) -> None:
        self.held.append(contact.id)

    async def offer(self, contact: Contact, assignment: Assignment, ring_time: float) -> OfferResult:
        self.phones.append(assignment.phone)
        self.offers.append((asyncio.get_running_loop().time(), contact.id, assignment.agent))
        result = self.answers.get(assignment.agent, OfferResult.ACCEPTED)
        await asyncio.sleep(ring_time if result is OfferResult.UNANSWERED else 1)
        return result

    async def talk(self, assignment: Assignment) -> None:
        await self.hung_up.wait()

    async def release(self, contact: Contact) -> None:
        self.released.append(contact.id)


class Floor:
    """An ACD with its desk, and contacts to put into it."""

    def __init__(self) -> None:
        self.told, self.desk = Told(), Desk()
        self.acd = Acd(VirtualClock(), self.told, Record(self.told), {Medium.VOICE: self.desk})
        self.staff("ana", "bruno")
        self.waits: dict[str, asyncio.Task[QueueExit]] = {}
        self.contacts: dict[str, Contact] = {}

    def staff(self, *names: str, queues: tuple[QueuePolicy, ...] = (SALES, SUPPORT)) -> None:
        self.acd.configure(queues, [agent(name, *(queue.name for queue in queues)) for name in names])

    async def arrive(self, name: str, queue: str = "sales") -> None:
        contact = Contact(name, f"i-{name}", Medium.VOICE, "1000", "bob", BEGIN)
        self.contacts[name] = contact
        self.waits[name] = asyncio.create_task(self.acd.enqueue(contact, queue))
        await asyncio.sleep(0)

    def offered_to(self, name: str) -> list[str]:
        return [agent for _, contact, agent in self.desk.offers if contact == name]

    def presence(self, agent: str) -> str:
        return self.acd.agents[agent].presence

    async def close(self) -> None:
        for wait in self.waits.values():
            wait.cancel()
        await self.acd.close()


def agent(name: str, *queues: str) -> Agent:
    return Agent(name, name.title(), frozenset(queues))


def on_a_floor(test: Callable[[Floor], Awaitable[None]]) -> Callable[[], None]:
    """Runs a test on a floor of its own, in virtual time."""

    @on_virtual_time
    async def run() -> None:
        floor = Floor()
        try:
            await test(floor)
        finally:
            await floor.close()

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@on_a_floor
async def test_a_queue_that_does_not_exist_is_closed(floor: Floor) -> None:
    await floor.arrive("x", "nowhere")
    assert await floor.waits["x"] is QueueExit.CLOSED
    assert floor.contacts["x"].state is ContactState.ARRIVED


@on_a_floor
async def test_an_agent_who_is_added_serves_who_waits_already(floor: Floor) -> None:
    await floor.arrive("x")
    assert floor.desk.offers == []
    floor.staff("ana", "bruno", "zoe")
    floor.acd.staff.phone_seen("zoe")
    await asyncio.sleep(2)
    assert floor.offered_to("x") == ["zoe"]


@on_a_floor
async def test_an_agent_who_is_removed_ends_her_talk_and_gets_no_other(floor: Floor) -> None:
    floor.acd.staff.phone_seen("ana")
    await floor.arrive("x")
    await asyncio.sleep(2)
    floor.staff("bruno")
    await floor.arrive("y")
    floor.desk.hung_up.set()
    assert await floor.waits["x"] is QueueExit.SERVED
    await asyncio.sleep(60)
    assert floor.offered_to("y") == []
    assert "ana" not in floor.acd.agents


@on_a_floor
async def test_who_waits_in_a_queue_that_is_removed_is_served_by_its_rules(floor: Floor) -> None:
    await floor.arrive("x")
    floor.acd.configure([SUPPORT], [agent("ana", "sales", "support")])
    floor.acd.staff.phone_seen("ana")
    await asyncio.sleep(2)
    assert floor.offered_to("x") == ["ana"]


@on_a_floor
async def test_a_missed_call_makes_unresponsive_for_a_while(floor: Floor) -> None:
    floor.desk.answers["ana"] = OfferResult.UNANSWERED
    floor.acd.staff.phone_seen("ana")
    await floor.arrive("x")
    await asyncio.sleep(25)
    assert floor.presence("ana") == "unresponsive"
    await asyncio.sleep(30)
    assert floor.presence("ana") == "available"
    changes = [fact.now for fact in floor.told.facts if isinstance(fact, PresenceChanged)]
    assert changes[:2] == ["unresponsive", "available"]


@on_a_floor
async def test_what_an_agent_chose_before_a_restart_holds(floor: Floor) -> None:
    floor.acd.staff.remember({"ana": Person("away"), "nobody": Person("away")})
    floor.acd.staff.phone_seen("ana")
    await floor.arrive("x")
    await asyncio.sleep(5)
    assert floor.desk.offers == []
    assert floor.acd.staff.choose("ana", Presence.AVAILABLE, "dialled *1")
    await asyncio.sleep(2)
    assert floor.offered_to("x") == ["ana"]


@on_a_floor
async def test_nobody_can_choose_for_an_agent_who_is_not_there(floor: Floor) -> None:
    assert not floor.acd.staff.choose("nobody", Presence.AWAY, "dialled *2")


@on_a_floor
async def test_while_her_phone_makes_a_call_an_agent_is_offered_nothing(floor: Floor) -> None:
    floor.acd.staff.phone_seen("ana")
    with floor.acd.staff.calling("ana", "*1"):
        await floor.arrive("x")
        await asyncio.sleep(5)
        assert floor.desk.offers == []
    await asyncio.sleep(2)
    assert floor.offered_to("x") == ["ana"]


@on_a_floor
async def test_the_reasons_of_a_pick_are_told_for_every_agent_of_the_queue(floor: Floor) -> None:
    floor.acd.staff.phone_seen("bruno")
    await floor.arrive("x")
    (picked,) = [fact for fact in floor.told.facts if isinstance(fact, AgentPicked)]
    assert {each.agent: each.fit for each in picked.considered} == {"ana": False, "bruno": True}
    assert picked.considered[0].because == "her phone is not registered"


@pytest.mark.parametrize("result", [OfferResult.REFUSED, OfferResult.BUSY, OfferResult.UNREACHABLE])
def test_who_did_not_take_it_is_asked_again_after_half_a_minute_and_not_before(result: OfferResult) -> None:
    @on_a_floor
    async def asked(floor: Floor) -> None:
        floor.desk.answers["ana"] = result
        floor.acd.staff.phone_seen("ana")
        await floor.arrive("x")
        await asyncio.sleep(62)
        first, second = (at for at, _, _ in floor.desk.offers[:2])
        assert 30 <= second - first <= 32

    asked()


@on_a_floor
async def test_an_offer_that_we_could_not_make_is_made_again_at_once(floor: Floor) -> None:
    floor.desk.answers["ana"] = OfferResult.FAILED
    floor.acd.staff.phone_seen("ana")
    await floor.arrive("x")
    await asyncio.sleep(7)
    assert len(floor.desk.offers) >= 3
    assert floor.presence("ana") == "available"


@on_a_floor
async def test_an_agent_is_offered_calls_at_the_phone_where_she_signed_in(floor: Floor) -> None:
    floor.acd.staff.phone_seen("bruno")
    assert floor.acd.staff.sign_in("ana", "bruno", "her PIN")
    await floor.arrive("x")
    await asyncio.sleep(2)
    assert (floor.offered_to("x"), floor.desk.phones) == (["ana"], ["bruno"])


@on_a_floor
async def test_who_was_at_another_phone_before_a_restart_is_there_again(floor: Floor) -> None:
    floor.acd.staff.remember({"ana": Person(phone="bruno"), "bruno": Person(phone="nobodys")})
    floor.acd.staff.phone_seen("bruno")
    await floor.arrive("x")
    await asyncio.sleep(2)
    assert floor.desk.phones == ["bruno"]


@on_a_floor
async def test_who_sat_at_the_phone_of_an_agent_who_is_removed_is_at_her_own(floor: Floor) -> None:
    floor.acd.staff.sign_in("ana", "bruno", "her PIN")
    floor.staff("ana")
    floor.acd.staff.phone_seen("ana")
    await floor.arrive("x")
    await asyncio.sleep(2)
    assert floor.desk.phones == ["ana"]


@on_a_floor
async def test_nobody_signs_in_for_an_agent_who_is_not_there(floor: Floor) -> None:
    assert not floor.acd.staff.sign_in("nobody", "ana", "a PIN")


@on_a_floor
async def test_the_longest_wait_is_that_of_the_first_who_still_waits_offers_that_fail_included(floor: Floor) -> None:
    floor.desk.answers["ana"] = OfferResult.REFUSED
    floor.acd.staff.phone_seen("ana")
    await floor.arrive("x")
    await asyncio.sleep(5)
    await floor.arrive("y")
    await asyncio.sleep(5)
    assert (floor.acd.waiting("sales"), floor.acd.longest_wait("sales")) == (2, 10)
    floor.waits["x"].cancel()
    await asyncio.sleep(1)
    assert floor.acd.longest_wait("sales") == 6
    assert floor.acd.longest_wait("support") is None


@on_a_floor
async def test_a_phone_that_is_as_it_was_is_no_news(floor: Floor) -> None:
    floor.acd.staff.phone_seen("ana")
    told = len(floor.told.facts)
    floor.acd.staff.phone_seen("ana")
    floor.acd.staff.phone_seen("nobodys")
    assert len(floor.told.facts) == told
