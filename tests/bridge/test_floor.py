"""Since when an agent is what she is, and what ends it."""

import asyncio

from bridge.floor import Floor, Line
from telephony.acd.dispatcher import Acd
from telephony.acd.places import QueuePolicy
from telephony.acd.standing import Standing
from telephony.agent import Agent, Presence
from telephony.contact import Contact, Medium
from telephony.events import Fact
from telephony.ports import OfferResult
from telephony.record import Record
from tests.fakes.clock import BEGIN, VirtualClock, on_virtual_time
from tests.telephony.acd.test_dispatcher import Desk

SALES = QueuePolicy("sales", "longest_idle", 20, 10, None, "default")


class Sink:
    """An EventSink that the floor follows."""

    def __init__(self) -> None:
        self.floor: Floor | None = None

    def publish(self, fact: Fact) -> None:
        if self.floor:
            self.floor.follow(fact)


class Scene:
    """Ana on the floor."""

    def __init__(self) -> None:
        sink, clock, self.desk = Sink(), VirtualClock(), Desk()
        self.acd = Acd(clock, sink, Record(sink), {Medium.VOICE: self.desk})
        self.acd.configure([SALES], [Agent("ana", "Ana", frozenset({"sales"}))])
        self.floor = sink.floor = Floor(self.acd, clock)

    def line(self) -> tuple[str, float, float | None]:
        line: Line = self.floor.line("ana")
        until = (line.until - BEGIN).total_seconds() if line.until else None
        return line.code, (line.since - BEGIN).total_seconds(), until

    def call(self) -> "asyncio.Task[object]":
        return asyncio.create_task(self.acd.enqueue(Contact("c", "i", Medium.VOICE, "1000", "bob", BEGIN), "sales"))


@on_virtual_time
async def test_each_change_begins_when_it_happened() -> None:
    scene = Scene()
    await asyncio.sleep(5)
    assert scene.line() == (Standing.PHONE, 0, None)
    scene.acd.staff.phone_seen("ana")
    await asyncio.sleep(5)
    assert scene.line() == (Standing.FREE, 5, None)
    scene.acd.staff.choose("ana", Presence.AWAY, "lunch")
    await asyncio.sleep(5)
    assert scene.line() == (Standing.AWAY, 10, None)


@on_virtual_time
async def test_a_talk_and_its_wrap_up() -> None:
    scene = Scene()
    scene.acd.staff.phone_seen("ana")
    task = scene.call()
    await asyncio.sleep(0.5)
    assert scene.line() == (Standing.OFFERED, 0, None)
    await asyncio.sleep(2)
    assert scene.line() == (Standing.TALKING, 1, None)
    assert (scene.acd.talking("sales"), scene.acd.waiting("sales")) == (1, 0)
    scene.desk.hung_up.set()
    await task
    await asyncio.sleep(4)
    assert scene.line() == (Standing.WRAP_UP, 2.5, 12.5)
    await asyncio.sleep(10)
    assert scene.line() == (Standing.FREE, 12.5, None)
    await scene.acd.close()


@on_virtual_time
async def test_what_time_ends_tells_when() -> None:
    scene = Scene()
    scene.desk.answers["ana"] = OfferResult.UNREACHABLE
    scene.acd.staff.phone_seen("ana")
    task = scene.call()
    await asyncio.sleep(2)
    assert scene.line() == (Standing.RESTING, 1, 11)
    assert scene.acd.longest_wait("sales") == 2
    await asyncio.sleep(12)
    assert scene.line() == (Standing.FREE, 11, None)
    scene.acd._record.presence(scene.acd.agents["ana"], Presence.UNRESPONSIVE)
    assert scene.line() == (Standing.UNRESPONSIVE, 14, 14 + 30)
    task.cancel()
    await scene.acd.close()
