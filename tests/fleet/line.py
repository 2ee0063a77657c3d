"""A phone's line to its server: SIP transactions over UDP, with all their repetitions."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from tests.fleet.message import Headers, Message
from tests.fleet.port import Address, Port

T1, T2, TIMEOUT = 0.5, 4.0, 32.0
MOST_KEPT = 64
REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    481: "Call Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    603: "Decline",
}
_branches = itertools.count(1)


@dataclass(slots=True)
class Asked:
    """A request of ours that is under way."""

    request: Message
    on_response: Callable[[Message], None]
    repeat: asyncio.TimerHandle | None = None
    final: bool = False


class Line:
    """One socket to one server, with no proxy between."""

    def __init__(self, server: Address, on_request: Callable[[Message], None]) -> None:
        self._server, self._on_request = server, on_request
        self._port = Port(self._received)
        self._loop = asyncio.get_running_loop()
        self._asked: dict[tuple[str, str], Asked] = {}
        self._replies: dict[tuple[str, str], bytes] = {}
        self._unacknowledged: dict[tuple[str, int], asyncio.TimerHandle] = {}

    @property
    def address(self) -> Address:
        """Where it is."""
        return self._port.address

    @property
    def host(self) -> str:
        """Our own address, as it stands in a URI."""
        return "{}:{}".format(*self.address)

    def ask(self, request: Message, on_response: Callable[[Message], None], branch: str = "") -> str:
        """Sends a request until it is answered; returns its branch. Without an answer, 408 is made up."""
        branch = branch or f"z9hG4bK-fleet-{next(_branches)}"
        request.headers.insert(0, ("Via", f"SIP/2.0/UDP {self.host};branch={branch};rport"))
        key, asked = (branch, request.method), Asked(request, on_response)
        self._asked[key] = asked
        self._send_again(key, asked, bytes(request), T1, self._loop.time() + TIMEOUT)
        return branch

    def tell(self, request: Message) -> None:
        """Sends a request that has no answer: an ACK."""
        branch = f"z9hG4bK-fleet-{next(_branches)}"
        request.headers.insert(0, ("Via", f"SIP/2.0/UDP {self.host};branch={branch};rport"))
        self._port.send(bytes(request), self._server)

    def reply(self, request: Message, status: int, tag: str, headers: Headers | None = None, body: str = "") -> None:
        """Answers a request; a final answer to an INVITE is repeated until it is acknowledged."""
        data = bytes(Message(f"SIP/2.0 {status} {REASONS[status]}", [*_echo(request, tag), *(headers or [])], body))
        self._replies[request.branch, request.method] = data
        self._port.send(data, self._server)
        if request.method == "INVITE" and status >= 200:
            key = (request.get("Call-ID"), request.number)
            self._unacknowledged[key] = self._loop.call_later(T1, self._reply_again, key, data, T1)

    def close(self) -> None:
        """Without a word to anybody."""
        self._port.close()
        for timer in (*self._unacknowledged.values(), *(each.repeat for each in self._asked.values())):
            if timer:
                timer.cancel()

    def _received(self, data: bytes, _: Address) -> None:
        if data.strip():
            message = Message.read(data)
            (self._answered if message.status else self._requested)(message)

    def _requested(self, request: Message) -> None:
        key = (request.branch, request.method)
        if request.method == "ACK":
            self._acknowledged(request)
        elif key in self._replies:
            self._port.send(self._replies[key], self._server)
        else:
            self._keep(key)
            self._on_request(request)

    def _keep(self, key: tuple[str, str]) -> None:
        self._replies[key] = b""
        if len(self._replies) > MOST_KEPT:
            del self._replies[next(iter(self._replies))]

    def _acknowledged(self, request: Message) -> None:
        if timer := self._unacknowledged.pop((request.get("Call-ID"), request.number), None):
            timer.cancel()

    def _reply_again(self, key: tuple[str, int], data: bytes, pause: float) -> None:
        self._port.send(data, self._server)
        if pause < TIMEOUT:
            pause = pause * 2
            self._unacknowledged[key] = self._loop.call_later(min(pause, T2), self._reply_again, key, data, pause)

    def _answered(self, response: Message) -> None:
        key = (response.branch, response.method)
        if (asked := self._asked.get(key)) is None:
            return
        if asked.repeat and (response.status >= 200 or response.method == "INVITE"):
            asked.repeat.cancel()
        if response.status >= 300 and response.method == "INVITE":
            self._port.send(bytes(_acknowledgement(asked.request, response)), self._server)
        if response.status >= 200 and not asked.final:
            asked.final = True
            self._loop.call_later(TIMEOUT if response.method == "INVITE" else 0, self._asked.pop, key, None)
        asked.on_response(response)

    def _send_again(self, key: tuple[str, str], asked: Asked, data: bytes, pause: float, until: float) -> None:
        if self._loop.time() >= until:
            del self._asked[key]
            asked.on_response(Message("SIP/2.0 408 Nobody Answered", asked.request.headers))
            return
        self._port.send(data, self._server)
        longer = pause * 2 if asked.request.method == "INVITE" else min(pause * 2, T2)
        asked.repeat = self._loop.call_later(pause, self._send_again, key, asked, data, longer, until)


def _echo(request: Message, tag: str) -> Headers:
    to = request.get("To")
    headers = [*request.all("Via"), ("From", request.get("From"))]
    headers += [("To", to if ";tag=" in to else f"{to};tag={tag}"), ("Call-ID", request.get("Call-ID"))]
    return [*headers, ("CSeq", request.get("CSeq"))]


def _acknowledgement(request: Message, response: Message) -> Message:
    kept = [pair for pair in request.headers if pair[0] in ("Via", "From", "Call-ID", "Max-Forwards")]
    target = request.start.split(" ")[1]
    return Message(f"ACK {target} SIP/2.0", [*kept, ("To", response.get("To")), ("CSeq", f"{request.number} ACK")])
