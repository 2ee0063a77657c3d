"""What a person types is done, and what happens is told in plain words."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from telephony.phone import protocol
from telephony.phone.protocol import Account
from telephony.phone.terminal import run_terminal
from telephony.phone.typed import HELP, parse
from telephony.phone.words import describe
from tests.telephony.phone.conftest import StartPhone


class Person:
    """Types lines one after another, and reads what is shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._news = asyncio.Event()

    def type(self, line: str | None) -> None:
        self._typed.put_nowait(line)

    def show(self, line: str) -> None:
        self.shown.append(line)
        self._news.set()

    async def lines(self) -> AsyncIterator[str]:
        while (line := await self._typed.get()) is not None:
            yield f"{line}\n"

    async def reads(self, text: str) -> None:
        async with asyncio.timeout(10):
            while not any(text in line for line in self.shown):
                self._news.clear()
                await self._news.wait()


@pytest.fixture
def person() -> Person:
    return Person()


async def test_a_call_is_told_from_its_start_to_its_end(start_phone: StartPhone, person: Person) -> None:
    bob = await start_phone("bob")
    talk = asyncio.create_task(run_terminal(Account(register=False), bob.uri, person.lines(), person.show))
    await bob.incoming()
    await person.reads("Call 1 rings.")
    await bob.answer()
    await person.reads("Call 1 is answered.")
    person.type("status")
    await person.reads("packets sent")
    person.type("dtmf 42")
    assert await bob.digits(2) == "42"
    person.type("hold")
    await person.reads("Call 1 is on hold.")
    person.type(None)
    await bob.hangup()
    assert await asyncio.wait_for(talk, 10) == 0
    await person.reads("Call 1 was ended by the other side: 200")


async def test_a_person_answers_and_quits(start_phone: StartPhone, person: Person) -> None:
    bob = await start_phone("+49301", display_name="Bob")
    talk = asyncio.create_task(run_terminal(Account(register=False), None, person.lines(), person.show))
    await person.reads("This phone is sip:")
    await bob.call(person.shown[0].split()[3].rstrip(";"), {"X-Interaction-Id": "i-1"})
    await person.reads("Call 1 comes from Bob (+49301), interaction i-1")
    person.type("answer")
    await bob.answered()
    person.type("quit")
    assert await asyncio.wait_for(talk, 10) == 0
    assert (await bob.disconnected()).by == "them"


async def test_an_unanswered_call_is_no_success(start_phone: StartPhone, person: Person) -> None:
    bob = await start_phone("bob")
    person.type(None)
    talk = asyncio.create_task(run_terminal(Account(register=False), bob.uri, person.lines(), person.show))
    await bob.incoming()
    await bob.busy()
    assert await asyncio.wait_for(talk, 10) == 1
    await person.reads("486 Busy Here")


async def test_what_cannot_be_done_is_said(person: Person) -> None:
    for line in ("answer", "dance", "call", "dtmf x", "play /no/such.wav", "help", "quit"):
        person.type(line)
    assert await run_terminal(Account(register=False), None, person.lines(), person.show) == 0
    for text in ("there is no call", "'dance' is no command", "call what?", "keys are", HELP):
        await person.reads(text)


def test_lines_become_commands() -> None:
    assert parse("call 1000") == protocol.Dial(target="1000")
    assert parse(" dtmf 1 2 a ") == protocol.SendDtmf(digits="12A")
    assert parse("play my file.wav") == protocol.Play(path="my file.wav")
    assert parse("play") == protocol.StopPlaying()
    assert parse("busy") == protocol.Respond(code=486)


def test_every_event_of_a_call_has_words() -> None:
    media = protocol.Media(packets_sent=2, packets_received=1)
    told = [
        protocol.Ringing(call=1, code=180),
        protocol.EarlyMedia(call=1),
        protocol.Confirmed(call=1, sip_call_id="x"),
        protocol.Held(call=1, by="us"),
        protocol.Held(call=1, by="them"),
        protocol.Resumed(call=1),
        protocol.Transferred(call=1, code=200, reason="OK"),
        protocol.Dtmf(call=1, digit="5", seconds=0.2),
        protocol.Played(call=1, path="a.wav"),
        protocol.Stats(call=1, media=media),
        protocol.Disconnected(call=1, code=200, reason="OK", by="us", media=media),
    ]
    words = [describe(event) for event in told]
    assert all(said and said.startswith("Call 1 ") for said in words)
    assert len(set(words)) == len(words)
    assert describe(protocol.Done(request=1)) is None
