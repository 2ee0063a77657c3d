"""All phones of a load: agents who are hired, callers who come and go, and who rings for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from telephony.tasks import TaskSet
from tests.fleet.call import Call, Report
from tests.fleet.phone import Account, Phone
from tests.fleet.port import Address
from tests.fleet.sound import Pacer

LONGEST_TALK = 60.0
QUIET_WITHIN = 600.0


@dataclass(frozen=True, slots=True)
class Manner:
    """What an agent does with one call, `after` so many seconds of ringing; she hangs up after `talks` seconds, or
    leaves that to the caller."""

    does: Literal["answers", "declines", "is busy", "never answers"] = "answers"
    after: float = 0.1
    talks: float | None = None


class Fleet:
    """Phones of one process at one server."""

    def __init__(self, server: Address, pacer: Pacer | None = None) -> None:
        self.agents: list[Phone] = []
        self.tasks = TaskSet("fleet")
        self._server, self._pacer = server, pacer or Pacer()
        self._callers: list[Phone] = []
        self._waiting: dict[str, Call] = {}

    async def hire(self, account: Account, manner: Callable[[], Manner]) -> Phone:
        """An agent's phone, registered, that treats each call in a manner of its own."""

        def ring(_: Phone, call: Call) -> None:
            if caller := self._waiting.get(call.report.caller):
                caller.being_offered()
            self.tasks.spawn(serve(call, manner()), f"{account.username} serves {call.report.caller}")

        phone = Phone(account.username, self._server, self._pacer, account, ring)
        await phone.register()
        self.agents.append(phone)
        return phone

    def call(self, number: str, caller: str) -> Call:
        """Dials as a caller whose number nobody else has, from a phone that is free."""
        free = next((phone for phone in self._callers if phone.free), None) or self._caller()
        self._waiting[caller] = call = free.dial(number, caller)
        return call

    @property
    def up(self) -> int:
        """How many callers are in a call."""
        self._waiting = {caller: call for caller, call in self._waiting.items() if not call.over}
        return len(self._waiting)

    async def quiet(self) -> None:
        """Returns when no caller is in a call any more."""
        while calls := [call for call in self._waiting.values() if not call.over]:
            await calls[0].until(lambda: False, QUIET_WITHIN)

    @property
    def late(self) -> int:
        """How often the sound of the fleet itself came too late."""
        return self._pacer.late

    def callers_reports(self) -> list[Report]:
        """What callers saw of calls that are over."""
        return [report for phone in self._callers for report in phone.reports]

    def agents_reports(self) -> list[Report]:
        """What agents saw of calls that are over."""
        return [report for phone in self.agents for report in phone.reports]

    async def close(self) -> None:
        """Ends all phones without a word."""
        for phone in (*self.agents, *self._callers):
            phone.close()
        await self.tasks.close()

    def _caller(self) -> Phone:
        phone = Phone(f"caller-{len(self._callers) + 1}", self._server, self._pacer)
        self._callers.append(phone)
        return phone


async def serve(call: Call, manner: Manner) -> None:
    """Treats one call at an agent's phone."""
    if manner.does == "never answers":
        return
    await call.pause(manner.after)
    if manner.does == "answers":
        call.answer()
        await call.pause(LONGEST_TALK if manner.talks is None else manner.talks)
        call.hang_up()
    else:
        call.refuse(603 if manner.does == "declines" else 486)
