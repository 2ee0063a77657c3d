"""A small Asterisk in process: the REST and manager interfaces that a controller sees, and phones that tests drive."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import msgspec

from config.rendering import APP
from telephony.asterisk.heartbeat import BEAT
from telephony.asterisk.rtcp import HANDLER
from telephony.asterisk.switchboard import CALLER
from telephony.asterisk.world import SERVED
from telephony.tasks import TaskSet
from tests.fakes.asterisk.channels import Channel
from tests.fakes.asterisk.dialplan import Dialplan
from tests.fakes.asterisk.exchange import Exchange
from tests.fakes.asterisk.faults import Commands, Fault
from tests.fakes.asterisk.manager import ManagerInterface
from tests.fakes.asterisk.phones import AgentPhone, CallerPhone, Phone, Registrar, address_of
from tests.fakes.asterisk.rest import Refusal, Rest
from tests.fakes.asterisk.sockets import Socket, Sockets
from tests.fakes.clock import VirtualClock, virtual_loop

_INJECTED: Final = {Fault.NOT_FOUND: Refusal(404, "Channel not found"), Fault.BROKEN: Refusal(500, "Internal error")}


class FakeAsterisk:
    """An Asterisk of this process, for one controller on virtual time."""

    def __init__(self, seed: int = 0) -> None:
        self.tasks = TaskSet("fake asterisk")
        self.sockets = Sockets(self._answer, self.tasks)
        self.exchange = Exchange(self.sockets.emit, self._changed, self._place, self._ended, seed)
        self.manager = ManagerInterface(self._registered)
        self.registrar = Registrar(self.manager.tell)
        self.rest = Rest(self.exchange, self.registrar)
        self.commands = Commands()
        self.phones: list[Phone] = []
        self._dialplan = Dialplan(self.exchange, APP, self.sockets.active, self._last_beat)
        self._watchers: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    async def open(self, folder: Path, ari_port: int, ami_port: int) -> None:
        """Can be reached at two ports of this process; its sockets lie in a folder."""
        for port, name in ((ari_port, "ari"), (ami_port, "ami")):
            virtual_loop().route(port, folder / name)
        await self.sockets.open(folder / "ari")
        await self.manager.open(folder / "ami")

    async def close(self) -> None:
        """Ends."""
        await self.sockets.close()
        await self.manager.close()
        await self.tasks.close()

    def caller(self, name: str) -> CallerPhone:
        """A phone outside."""
        phone = CallerPhone(name, self.exchange)
        self.phones.append(phone)
        return phone

    def agent(self, name: str) -> AgentPhone:
        """An agent's phone, not registered yet."""
        phone = AgentPhone(name, self.exchange)
        self.phones.append(phone)
        return phone

    async def until(self, condition: Callable[[], bool], within: float) -> bool:
        """Waits until something about the phones is so; tells whether it came in time."""
        if condition():
            return True
        watcher = (condition, asyncio.get_running_loop().create_future())
        self._watchers.append(watcher)
        done, _ = await asyncio.wait([watcher[1]], timeout=within)
        self._watchers.remove(watcher)
        return bool(done) or condition()

    @contextmanager
    def away(self) -> Iterator[None]:
        """All connections are lost, and none can be made meanwhile; calls go on."""
        self.sockets.refusing = True
        self.sockets.drop()
        try:
            yield
        finally:
            self.sockets.refusing = False

    def go_away(self, seconds: float) -> None:
        """As `away`, for so long."""
        away = self.away()
        away.__enter__()
        asyncio.get_running_loop().call_later(seconds, away.__exit__, None, None, None)

    def die(self) -> None:
        """Ends without a word, and with it all calls; what it keeps in files outlives it, phones stay registered."""
        self.sockets.refusing = self.manager.refusing = True
        self.exchange.die()
        self.rest.globals.clear()
        self.sockets.drop()
        self.manager.drop()

    def live(self) -> None:
        """Has been started anew after `die`."""
        self.rest.started = VirtualClock().now()
        self.sockets.refusing = self.manager.refusing = False

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Asterisk takes no time for anything meanwhile."""
        self.exchange.instant = True
        try:
            yield
        finally:
            self.exchange.instant = False

    @contextmanager
    def one_batch(self) -> Iterator[None]:
        """What is done inside happens in this order, at once, and its events arrive in one piece."""
        self.sockets.flowing.clear()
        try:
            with self.at_once():
                yield
        finally:
            self.sockets.flowing.set()

    def _changed(self) -> None:
        for phone in self.phones:
            phone.listen()
        for condition, future in self._watchers:
            if not future.done() and condition():
                future.set_result(None)

    def _place(self, channel: Channel) -> None:
        self.tasks.spawn(self._dialplan.follow(channel), f"dialplan {channel.id}")

    def _ended(self, channel: Channel) -> None:
        """The hang-up handler, which the dialplan gives to callers and we to agents' legs."""
        if HANDLER.items() <= channel.variables.items() if channel.context == "agents" else channel.exten.isdigit():
            counts = channel.counts()
            counts |= {"lp": counts.pop("rxploss"), "rlp": counts.pop("txploss")}
            self.manager.leg_ended(channel.id, ";".join(f"{name}={value}" for name, value in counts.items()))
        caller = self.exchange.channels.get(channel.variables.get(CALLER, ""))
        if caller and channel.up_since is not None:
            caller.variables[f"SHARED({SERVED})"] = channel.id

    def _last_beat(self) -> float | None:
        return self.rest.globals[BEAT][1] if BEAT in self.rest.globals else None

    def _registered(self) -> Iterator[tuple[str, str, str]]:
        for account, (_, status) in self.registrar.contacts.items():
            yield account, address_of(account), status

    async def _answer(self, socket: Socket, request_id: str, request: str, body: dict[str, Any]) -> None:
        method, _, uri = request.partition(" ")
        await asyncio.sleep(self.exchange.delay())
        number = self.commands.arrived(method, uri)
        fault = self.commands.faults.get(number)
        if fault is Fault.LOST:
            return
        status, content = await self._do(fault, method, uri, body)
        self.commands.done(number)
        if fault is not Fault.REPLY_LOST:
            socket.send(_response(request_id, uri, status, content))

    async def _do(self, fault: Fault | None, method: str, uri: str, body: dict[str, Any]) -> tuple[int, Any]:
        try:
            if fault in _INJECTED:
                await self._be_gone(fault, method, uri, body)
                raise _INJECTED[fault]
            if uri.startswith("applications/"):
                return 200, self._filter(uri.split("/")[1], body)
            content = await self.rest.do(method, uri, body)
        except Refusal as refusal:
            return refusal.status, {refusal.name: refusal.why}
        return (204, None) if content is None else (201 if "/play/" in uri else 200, content)

    async def _be_gone(self, fault: Fault | None, method: str, uri: str, body: dict[str, Any]) -> None:
        """What cannot be found when it is to go has gone by itself."""
        if fault is Fault.NOT_FOUND and method == "DELETE":
            await self.rest.do(method, uri, body)

    def _filter(self, app: str, body: dict[str, Any]) -> Any:
        self.sockets.filter(app, frozenset(each["type"] for each in body["disallowed"]))
        return {"name": app, "events_disallowed": body["disallowed"]}


def _response(request_id: str, uri: str, status: int, content: Any) -> dict[str, Any]:
    response = {
        "type": "RESTResponse",
        "transaction_id": "",
        "request_id": request_id,
        "status_code": status,
        "reason_phrase": HTTPStatus(status).phrase,
        "uri": uri,
    }
    if content is None:
        return response
    return response | {"content_type": "application/json", "message_body": msgspec.json.encode(content).decode()}
