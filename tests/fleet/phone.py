"""One phone of the fleet: a line, perhaps an account, and the calls that it is in."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fleet import digest
from tests.fleet.call import Call, Report
from tests.fleet.line import Line
from tests.fleet.message import Message, user
from tests.fleet.port import Address
from tests.fleet.sound import Pacer

EXPIRES = 600
LONGEST_WAIT = 40.0


class NotRegistered(Exception):
    """The server refused a registration."""


@dataclass(frozen=True, slots=True)
class Account:
    """An agent's login."""

    username: str
    password: str


class Phone:
    """Dials, and tells `on_call` of each call that comes in; every call's report is in `reports` once it is over."""

    def __init__(
        self,
        name: str,
        server: Address,
        pacer: Pacer,
        account: Account | None = None,
        on_call: Callable[["Phone", Call], None] | None = None,
    ) -> None:
        self.name, self.reports = name, list[Report]()
        self._server, self._pacer, self._account, self._on_call = server, pacer, account, on_call
        self._domain = "{}:{}".format(*server)
        self._calls: dict[str, Call] = {}
        self._line = Line(server, self._requested)
        self._registrations = 0
        self.away = False

    @property
    def free(self) -> bool:
        """Whether it is in no call."""
        return not self._calls

    @property
    def calls(self) -> list[Call]:
        """The calls that it is in."""
        return list(self._calls.values())

    @property
    def address(self) -> Address:
        """Where its line is."""
        return self._line.address

    def dial(self, number: str, caller: str) -> Call:
        """Calls a number as somebody."""
        report = Report(self.name, caller, incoming=False, invited=time.monotonic())
        call = self._begin(report, f"{secrets.token_hex(12)}@fleet")
        call.dial(number, self._domain)
        return call

    async def register(self, expires: int = EXPIRES) -> None:
        """Says where it is. Raises NotRegistered, TimeoutError."""
        assert self._account is not None
        response = await self._ask(self._registration(expires))
        if response.status == 401:
            challenge, uri = response.get("WWW-Authenticate"), f"sip:{self._domain}"
            proof = digest.answer(challenge, self._account.username, self._account.password, "REGISTER", uri)
            response = await self._ask(self._registration(expires, proof))
        if response.status != 200:
            raise NotRegistered(f"{self.name}: {response.start}")

    async def vanish(self, seconds: float) -> None:
        """Is gone without a word, then is there again, at another place."""
        self.close()
        self.away = True
        await asyncio.sleep(seconds)
        self._line, self.away = Line(self._server, self._requested), False
        await self.register()

    def close(self) -> None:
        """Ends it without a word."""
        self._line.close()
        for call in tuple(self._calls.values()):
            call.vanish()

    def _requested(self, request: Message) -> None:
        if call := self._calls.get(request.get("Call-ID")):
            call.requested(request)
        elif request.method == "INVITE" and self._on_call:
            self._invited(request, self._on_call)
        else:
            self._line.reply(request, 200 if request.method == "OPTIONS" else 481, "none")

    def _invited(self, invite: Message, on_call: Callable[["Phone", Call], None]) -> None:
        report = Report(self.name, user(invite.get("From")), incoming=True, invited=time.monotonic())
        report.interaction, report.contact = invite.get("X-Interaction-Id"), invite.get("X-Contact-Id")
        call = self._begin(report, invite.get("Call-ID"))
        call.invited(invite)
        on_call(self, call)

    def _begin(self, report: Report, id: str) -> Call:
        self._calls[id] = call = Call(self._line, self._pacer, report, id, self._over)
        return call

    def _over(self, call: Call) -> None:
        del self._calls[call.id]
        self.reports.append(call.report)

    async def _ask(self, request: Message) -> Message:
        responses: asyncio.Queue[Message] = asyncio.Queue()
        self._line.ask(request, responses.put_nowait)
        while (response := await asyncio.wait_for(responses.get(), LONGEST_WAIT)).status < 200:
            pass
        return response

    def _registration(self, expires: int, proof: str = "") -> Message:
        self._registrations += 1
        who = f"<sip:{self.name}@{self._domain}>"
        headers = [("Max-Forwards", "70"), ("From", f"{who};tag={secrets.token_hex(4)}"), ("To", who)]
        headers += [("Call-ID", f"{secrets.token_hex(8)}@fleet"), ("CSeq", f"{self._registrations} REGISTER")]
        headers += [("Contact", f"<sip:{self.name}@{self._line.host}>"), ("Expires", str(expires))]
        headers += [("Authorization", proof)] if proof else []
        return Message(f"REGISTER sip:{self._domain} SIP/2.0", headers)
