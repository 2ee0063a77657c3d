"""One call of one phone, either way, and what the phone saw of it."""

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.fleet import sdp
from tests.fleet.gaps import Gaps
from tests.fleet.line import Line
from tests.fleet.message import Headers, Message, user
from tests.fleet.sound import Pacer, Stream

ALLOW = ("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE")
US, THEM, VANISHED = "us", "them", "vanished"


@dataclass(slots=True)
class Report:
    """What a phone saw of a call. Times are those of `time.monotonic`, None where it did not come to that.

    `caller` is the number that called, `heard` who was heard and when first, `status` how an INVITE was answered."""

    phone: str
    caller: str
    incoming: bool
    invited: float
    rang: float | None = None
    answered: float | None = None
    first_sound: float | None = None
    ended: float | None = None
    ended_by: str = ""
    status: int = 0
    packets: int = 0
    jumps: list[int] = field(default_factory=list)
    interaction: str = ""
    contact: str = ""
    heard: dict[str, float] = field(default_factory=dict)


class Call:
    """A call. The phone that is in it hands its line's messages on."""

    def __init__(self, line: Line, pacer: Pacer, report: Report, id: str, on_over: Callable[["Call"], None]) -> None:
        self.report, self.id = report, id
        self._line, self._on_over = line, on_over
        self._stream = Stream(report.phone, pacer, self._heard, self._first_sound)
        self._tag = secrets.token_hex(4)
        self._news = asyncio.Event()
        self._invite: Message | None = None
        self._branch, self._local, self._remote, self._target = "", "", "", ""
        self._number = 1
        self._leaving = self._confirmed = False
        self._media: sdp.Media | None = None
        self.offered: float | None = None

    @property
    def over(self) -> bool:
        """Whether it has ended for this phone."""
        return self.report.ended is not None

    @property
    def sounds(self) -> Gaps:
        """The gaps in all that is heard."""
        return self._stream.sounds

    @property
    def voices(self) -> Gaps:
        """The gaps in hearing somebody of the fleet."""
        return self._stream.voices

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        """Waits until something is so of this call, or it is over; tells whether it is so."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not true() and not self.over:
                    await self._news.wait()
        return true()

    async def pause(self, seconds: float) -> None:
        """Waits, unless the call ends before."""
        await self.until(lambda: False, seconds)

    def being_offered(self) -> None:
        """Some agent's phone was told to ring for this caller."""
        self.offered = self.offered or time.monotonic()
        self._tell()

    # The caller's side

    def dial(self, number: str, server: str) -> None:
        """Sends the INVITE."""
        self._target = f"sip:{number}@{server}"
        self._local = f"<sip:{self.report.caller}@{server}>;tag={self._tag}"
        self._remote = f"<{self._target}>"
        self._invite = self._request("INVITE", [("Content-Type", "application/sdp"), ALLOW], self._sdp())
        self._branch = self._line.ask(self._invite, self._invite_answered)

    def _invite_answered(self, response: Message) -> None:
        if (media := sdp.read(response.body)) and not self.over:
            self._stream.speak(media)
        if response.status < 200:
            self._provisional(response)
        elif response.status < 300:
            self._accepted(response)
        else:
            self.report.status = response.status
            self._end(US if self._leaving else THEM)

    def _provisional(self, response: Message) -> None:
        if response.status >= 180 and self.report.rang is None:
            self.report.rang = time.monotonic()
        first, self.report.status = self.report.status == 0, response.status
        if first and self._leaving:
            self._cancel()
        self._tell()

    def _accepted(self, response: Message) -> None:
        """Also each repetition of the 200 is acknowledged; whoever is leaving already says so at once."""
        self._remote, self._target = response.get("To"), response.target
        self._line.tell(self._request("ACK"))
        if self._confirmed:
            return
        self._confirmed = True
        if self.over:
            self._bye()
        else:
            self.report.answered, self.report.status = time.monotonic(), response.status
            self._tell()

    # The agent's side

    def invited(self, invite: Message) -> None:
        """Takes an INVITE; it rings from now on."""
        self._invite, self._target = invite, invite.target
        self._local, self._remote = f"{invite.get('To')};tag={self._tag}", invite.get("From")
        self._media = sdp.read(invite.body)
        self._line.reply(invite, 180, self._tag, [self._contact()])
        self.report.rang = time.monotonic()

    def answer(self) -> None:
        """Takes the call, unless it is too late."""
        if self._invite and not self.over and self.report.answered is None:
            self._line.reply(self._invite, 200, self._tag, self._described(), self._sdp())
            self.report.answered, self.report.status = time.monotonic(), 200
            if self._media:
                self._stream.speak(self._media)
            self._tell()

    def refuse(self, status: int) -> None:
        """Declines (603) or says that it is busy (486)."""
        if self._invite and not self.over and self.report.answered is None:
            self._line.reply(self._invite, status, self._tag)
            self.report.status = status
            self._end(US)

    # Either side

    def press(self, key: str) -> None:
        """Presses a key."""
        self._stream.press(key)

    def lose(self, every: int) -> None:
        """From now on each packet of so many gets lost on its way out."""
        self._stream.loses_every = every

    def hang_up(self) -> None:
        """Ends it, however far it has come; the end is now, whatever the server makes of it."""
        if self.over:
            return
        self._leaving = True
        if self.report.answered is not None:
            self._bye()
        elif self.report.status:
            self._cancel()
        self._end(US)

    def vanish(self) -> None:
        """The phone is gone, and nobody is told."""
        self._end(VANISHED)

    def requested(self, request: Message) -> None:
        """Takes a request of the other side within the call."""
        match request.method:
            case "BYE":
                self._line.reply(request, 200, self._tag)
                self._end(THEM)
            case "CANCEL":
                self._line.reply(request, 200, self._tag)
                self._cancelled()
            case "INVITE" | "UPDATE":
                self._line.reply(request, 200, self._tag, self._described(), self._sdp())
            case _:
                self._line.reply(request, 200, self._tag)

    def _cancelled(self) -> None:
        if self._invite and not self.over and self.report.answered is None:
            self._line.reply(self._invite, 487, self._tag)
            self.report.status = 487
            self._end(THEM)

    def _bye(self) -> None:
        self._line.ask(self._request("BYE"), lambda _: None)

    def _cancel(self) -> None:
        assert self._invite is not None
        kept = [pair for pair in self._invite.headers if pair[0] in ("From", "To", "Call-ID", "Max-Forwards")]
        start = self._invite.start.replace("INVITE", "CANCEL")
        self._line.ask(Message(start, [*kept, ("CSeq", f"{self._invite.number} CANCEL")]), lambda _: None, self._branch)

    def _request(self, method: str, headers: Headers | None = None, body: str = "") -> Message:
        if method == "BYE":
            self._number += 1
        number = 1 if method == "ACK" else self._number
        fixed = [("Max-Forwards", "70"), ("From", self._local), ("To", self._remote), ("Call-ID", self.id)]
        fixed += [("CSeq", f"{number} {method}"), self._contact()]
        return Message(f"{method} {self._target} SIP/2.0", [*fixed, *(headers or [])], body)

    def _contact(self) -> tuple[str, str]:
        return ("Contact", f"<sip:{user(self._local)}@{self._line.host}>")

    def _described(self) -> Headers:
        return [self._contact(), ALLOW, ("Content-Type", "application/sdp")]

    def _sdp(self) -> str:
        return sdp.written(self._stream.address)

    def _heard(self, name: str) -> None:
        self.report.heard.setdefault(name, time.monotonic())
        self._tell()

    def _first_sound(self) -> None:
        self.report.first_sound = time.monotonic()
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _end(self, by: str) -> None:
        if self.over:
            return
        self.report.ended, self.report.ended_by = time.monotonic(), by
        self.report.packets, self.report.jumps = self._stream.packets, self._stream.jumps
        self._stream.close()
        self._tell()
        self._on_over(self)
