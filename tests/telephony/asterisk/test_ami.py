"""The guard around the manager interface, against a server that does what real links do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from telephony.asterisk import ami as module
from telephony.asterisk.ami import Ami, AmiAddress, Message
from telephony.asterisk.errors import Disconnected, NoReply, Refused
from telephony.clock import SystemClock
from telephony.tasks import TaskSet

Actions = list[dict[str, str]]


@dataclass
class Manager:
    """A manager interface: it lets everybody in, and answers as `reply` says; None is no answer."""

    port: int = 0
    logins: int = 0
    actions: Actions = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    reply: Callable[[dict[str, str]], bytes | None] = lambda action: b"Response: Success\r\n"
    refuse_login: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while block := await reader.readuntil(b"\r\n\r\n"):
                self.take(dict(line.split(": ", 1) for line in block.decode().strip().split("\r\n")), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def take(self, action: dict[str, str], writer: asyncio.StreamWriter) -> None:
        if action["Action"] == "Login":
            self.logins += 1
            outcome = b"Error" if self.refuse_login else b"Success"
            self.answer(writer, action, b"Response: " + outcome + b"\r\n")
            return
        self.actions.append(action)
        if (words := self.reply(action)) is not None:
            self.answer(writer, action, words)

    def answer(self, writer: asyncio.StreamWriter, action: dict[str, str], words: bytes) -> None:
        writer.write(words + f"ActionID: {action['ActionID']}\r\n\r\n".encode())

    def cut(self) -> None:
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()


@dataclass
class Linked:
    """A client of that server."""

    ami: Ami
    connected: asyncio.Event
    events: list[tuple[str, Message]]


@pytest.fixture
async def manager() -> AsyncIterator[Manager]:
    manager = Manager()
    server = await asyncio.start_server(manager.serve, "127.0.0.1", 0)
    manager.port = server.sockets[0].getsockname()[1]
    yield manager
    manager.cut()
    server.close()


@pytest.fixture
async def linked(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Linked]:
    monkeypatch.setattr(module, "REPLY_WITHIN", 0.3)
    monkeypatch.setattr(module, "PING_EVERY", 0.2)
    connected, events = asyncio.Event(), list[tuple[str, Message]]()

    async def on_connect() -> None:
        connected.set()

    ami = Ami(
        AmiAddress("127.0.0.1", manager.port, "us", "secret"),
        SystemClock(),
        on_connect,
        lambda name, message: events.append((name, message)),
    )
    tasks = TaskSet("test")
    tasks.spawn(ami.run(), "ami")
    yield Linked(ami, connected, events)
    await tasks.close()
    assert tasks.failures == 0


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.01)


async def test_an_action_is_answered(linked: Linked, manager: Manager) -> None:
    await linked.connected.wait()
    (answer,) = await linked.ami.action("PJSIPShowContacts")
    assert answer["Response"] == "Success"


@pytest.mark.parametrize("hostile", ["x\r\nAction: Originate", "x\nVariable: a=b", "x\0"])
async def test_a_value_that_could_become_an_action_is_never_sent(
    linked: Linked, manager: Manager, hostile: str
) -> None:
    await linked.connected.wait()
    with pytest.raises(ValueError, match="line end"):
        await linked.ami.action("Redirect", Channel=hostile)
    assert "Redirect" not in {action["Action"] for action in manager.actions}


async def test_an_error_is_an_exception(linked: Linked, manager: Manager) -> None:
    manager.reply = lambda action: b"Response: Error\r\nMessage: No such thing\r\n"
    await linked.connected.wait()
    with pytest.raises(Refused, match="No such thing"):
        await linked.ami.action("Originate")


async def test_an_action_without_an_answer_is_sent_once_whatever_happens_to_the_link(
    linked: Linked, manager: Manager
) -> None:
    manager.reply = lambda action: None if action["Action"] == "Originate" else b"Response: Success\r\n"
    await linked.connected.wait()
    with pytest.raises(NoReply):
        await linked.ami.action("Originate")
    manager.cut()
    await until(lambda: manager.logins == 2)
    await linked.ami.action("PJSIPShowContacts")
    assert [action["Action"] for action in manager.actions].count("Originate") == 1


async def test_who_waits_for_an_answer_learns_at_once_that_the_link_is_lost(linked: Linked, manager: Manager) -> None:
    manager.reply = lambda action: None
    await linked.connected.wait()
    waiting = asyncio.create_task(linked.ami.action("Status"))
    await until(lambda: bool(manager.actions))
    manager.cut()
    with pytest.raises(Disconnected):
        await waiting


async def test_a_link_on_which_nobody_answers_is_given_up(linked: Linked, manager: Manager) -> None:
    await linked.connected.wait()
    manager.reply = lambda action: None
    await until(lambda: manager.logins >= 2)


async def test_a_letter_in_two_packets_arrives_whole(linked: Linked, manager: Manager) -> None:
    await linked.connected.wait()
    before, after = "Event: ContactStatus\r\nAOR: Zo\u00eb".encode()[:-1], "\u00eb".encode()[1:] + b"\r\n\r\n"
    writer = manager.writers[-1]
    writer.write(before)
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(after)
    await until(lambda: bool(linked.events))
    assert linked.events[0][1]["AOR"] == "Zo\u00eb"


async def test_who_is_not_let_in_tries_again_and_sends_nothing(linked: Linked, manager: Manager) -> None:
    await linked.connected.wait()
    manager.refuse_login = True
    manager.cut()
    await until(lambda: manager.logins >= 3)
    with pytest.raises(Disconnected):
        await linked.ami.action("Status")
    manager.refuse_login = False
    logins = manager.logins
    await until(lambda: manager.logins > logins)


async def test_without_a_link_an_action_fails_at_once(manager: Manager) -> None:
    async def nothing() -> None: ...

    ami = Ami(AmiAddress("127.0.0.1", 9, "us", "x"), SystemClock(), nothing, lambda name, message: None)
    with pytest.raises(Disconnected):
        await ami.action("Status")
