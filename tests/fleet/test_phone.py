"""Two phones of the fleet at a server that hands every datagram to the other one, and loses some."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fleet.call import THEM, US, VANISHED, Call
from tests.fleet.phone import Phone
from tests.fleet.port import Address, Port
from tests.fleet.sdp import Media
from tests.fleet.sound import Pacer, Stream

SOON = 3.0


class Between:
    """The server: what one phone sends, the other one gets, except the first so many datagrams."""

    def __init__(self, loses: int = 0) -> None:
        self._loses, self._seen = loses, list[Address]()
        self._port = Port(self._pass_on)
        self.address = self._port.address

    def join(self, phone: Phone) -> None:
        """Puts a phone at one end."""
        self._seen.append(phone.address)

    def _pass_on(self, data: bytes, sender: Address) -> None:
        self._loses -= 1
        if self._loses < 0:
            self._port.send(data, next(each for each in self._seen if each != sender))

    def close(self) -> None:
        """Ends it."""
        self._port.close()


class Pair:
    """A phone that dials and one that is dialled, which does as it is told."""

    def __init__(self, loses: int = 0) -> None:
        self._between, pacer = Between(loses), Pacer()
        self.ringing: asyncio.Queue[Call] = asyncio.Queue()
        self.eve = Phone("eve", self._between.address, pacer)
        self.ana = Phone("ana", self._between.address, pacer, on_call=lambda _, call: self.ringing.put_nowait(call))
        self._between.join(self.eve)
        self._between.join(self.ana)

    async def dialled(self) -> tuple[Call, Call]:
        """A call from both ends, while it rings."""
        call = self.eve.dial("ana", "0700")
        other = await asyncio.wait_for(self.ringing.get(), SOON)
        assert await call.until(lambda: call.report.rang is not None, SOON)
        return call, other

    def close(self) -> None:
        """Ends all."""
        self.eve.close()
        self.ana.close()
        self._between.close()


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    pair = Pair()
    yield pair
    pair.close()


async def talk(pair: Pair) -> tuple[Call, Call]:
    mine, hers = await pair.dialled()
    hers.answer()
    assert await mine.until(lambda: "ana" in mine.report.heard, SOON)
    assert await hers.until(lambda: "eve" in hers.report.heard, SOON)
    return mine, hers


async def test_they_talk_until_the_caller_hangs_up(pair: Pair) -> None:
    mine, hers = await talk(pair)
    mine.hang_up()
    await hers.pause(SOON)
    assert (mine.report.ended_by, hers.report.ended_by) == (US, THEM)
    assert (hers.report.caller, hers.report.status, mine.report.status) == ("0700", 200, 200)
    assert mine.report.packets > 0
    assert pair.eve.reports == [mine.report]


async def test_they_talk_until_the_other_one_hangs_up(pair: Pair) -> None:
    mine, hers = await talk(pair)
    hers.hang_up()
    await mine.pause(SOON)
    assert (mine.report.ended_by, hers.report.ended_by) == (THEM, US)


@pytest.mark.parametrize("status", [603, 486])
async def test_a_call_is_refused(pair: Pair, status: int) -> None:
    mine, hers = await pair.dialled()
    hers.refuse(status)
    await mine.pause(SOON)
    assert (mine.report.status, mine.report.ended_by, mine.report.answered) == (status, THEM, None)


async def test_a_caller_leaves_while_it_rings(pair: Pair) -> None:
    mine, hers = await pair.dialled()
    mine.hang_up()
    await hers.pause(SOON)
    hers.answer()
    assert (hers.report.status, hers.report.ended_by, hers.report.answered) == (487, THEM, None)


async def test_a_caller_leaves_before_anything_came_back(pair: Pair) -> None:
    mine = pair.eve.dial("ana", "0700")
    mine.hang_up()
    hers = await asyncio.wait_for(pair.ringing.get(), SOON)
    await hers.pause(SOON)
    assert (mine.report.ended_by, hers.report.ended_by) == (US, THEM)


async def test_who_vanishes_says_nothing(pair: Pair) -> None:
    mine, hers = await talk(pair)
    pair.ana.close()
    await mine.pause(0.2)
    assert hers.report.ended_by == VANISHED
    assert not mine.over


async def test_lost_datagrams_are_sent_again() -> None:
    pair = Pair(loses=2)
    _, hers = await talk(pair)
    assert hers.report.answered is not None
    pair.close()


async def test_a_pressed_key_is_eight_packets_with_one_time() -> None:
    got: list[bytes] = []
    hearing, pacer = Port(lambda data, _: got.append(data)), Pacer()
    stream = Stream("eve", pacer, lambda _: None, lambda: None)
    stream.press("7")
    stream.speak(Media(hearing.address, 101))
    await asyncio.sleep(0.3)
    stream.close()
    hearing.close()
    keys = [packet for packet in got if packet[1] & 0x7F == 101]
    assert [packet[12] for packet in keys] == [7] * 8
    assert len({packet[4:8] for packet in keys}) == 1
    assert [packet[13] >> 7 for packet in keys] == [0, 0, 0, 0, 0, 1, 1, 1]
    assert [packet[1] >> 7 for packet in keys] == [1, 0, 0, 0, 0, 0, 0, 0]
