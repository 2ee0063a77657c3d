"""The SIP side of the fake Asterisk: phones of callers and of agents, which do what a test tells them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.fakes.asterisk.channels import Channel
from tests.fakes.asterisk.exchange import Exchange
from tests.fakes.asterisk.hearing import SILENCE, Heard, heard_by

DECLINED: Final = (21, 603)
BUSY: Final = (17, 486)
LOST: Final = (44, 0)
RTP_TIMEOUT: Final = 30.0
SESSION_TIMEOUT: Final = 90.0
QUALIFY_WITHIN: Final = 18.0
KEY: Final = 0.1


@dataclass
class Rang:
    """One ring of a phone."""

    channel: Channel
    began: float
    ended: float | None = None


class Phone:
    """One phone with at most one call. `heard` is all that came out of it, each with the time when it began; `ends`
    has when each of its calls ended, by channel."""

    def __init__(self, name: str, exchange: Exchange) -> None:
        self.name = name
        self.channel: Channel | None = None
        self.heard: list[tuple[float, Heard]] = [(0.0, SILENCE)]
        self.ends: dict[str, float] = {}
        self.vanished = False
        self._exchange = exchange

    @property
    def account(self) -> str:
        """The account that it calls from."""
        return self.name

    @property
    def hears(self) -> Heard:
        """What comes out of it now."""
        return heard_by(self.channel) if self.channel and not self.vanished else SILENCE

    def listen(self) -> None:
        """Notes what it hears, where that is new."""
        if self.hears != self.heard[-1][1]:
            self.heard.append((asyncio.get_running_loop().time(), self.hears))

    def dial(self, number: str) -> None:
        """Places a call."""
        self.channel = self._exchange.invited(self, self.account, number)

    async def press(self, keys: str) -> None:
        """Presses keys, one after the other; Asterisk tells of a key when it goes up."""
        for key in keys:
            await asyncio.sleep(0.0 if self._exchange.instant else KEY)
            if self.channel:
                self._exchange.pressed(self.channel, key)

    def hang_up(self) -> None:
        """Sends a BYE, or a CANCEL."""
        if self.channel:
            self._exchange.soon(self._exchange.hang_up, self.channel)

    def vanish(self) -> None:
        """Is gone without a word; Asterisk notices when nothing has come for long enough."""
        self.vanished = True
        self._exchange.changed()
        if self.channel and self.channel.state == "Up":
            patience = RTP_TIMEOUT if self.channel.context == "agents" else SESSION_TIMEOUT
            asyncio.get_running_loop().call_later(patience, self._exchange.hang_up, self.channel, *LOST)

    def dialled(self, channel: Channel) -> None:
        """An INVITE came."""
        raise NotImplementedError

    def answered(self, channel: Channel) -> None:
        """The call that it placed was answered."""

    def ended(self, channel: Channel) -> None:
        """Its call is over."""
        if channel is self.channel:
            self.channel = None
            self.ends[channel.id] = asyncio.get_running_loop().time()


class CallerPhone(Phone):
    """Somebody outside."""

    @property
    def account(self) -> str:
        """Everybody's."""
        return "loopback"


class AgentPhone(Phone):
    """An agent's phone; it says 180 after `rings_after` seconds. `rang` has each ring, the channel it was for, when it
    began and when it ended."""

    def __init__(self, name: str, exchange: Exchange) -> None:
        super().__init__(name, exchange)
        self.rings_after = 0.05
        self.rang: list[Rang] = []

    @property
    def rings(self) -> bool:
        """Whether it rings now."""
        return bool(self.rang) and self.rang[-1].ended is None

    def answer(self) -> None:
        """Picks up."""
        if self.channel:
            self._stop_ringing()
            self._exchange.soon(self._exchange.picked_up, self.channel)

    def decline(self) -> None:
        """Refuses the call that rings."""
        self._refuse(DECLINED)

    def be_busy(self) -> None:
        """Refuses the call that rings, as busy."""
        self._refuse(BUSY)

    def dialled(self, channel: Channel) -> None:
        """An INVITE came: it rings, in a moment; while it is in another call, it is busy."""
        if self.vanished:
            return
        if self.channel:
            self._exchange.soon(self._exchange.hang_up, channel, *BUSY)
            return
        self.channel = channel
        asyncio.get_running_loop().call_later(self.rings_after, self._ring, channel)

    def ended(self, channel: Channel) -> None:
        """Its call is over, or its ring."""
        if channel is self.channel:
            self._stop_ringing()
        super().ended(channel)

    def _refuse(self, how: tuple[int, int]) -> None:
        if self.channel:
            self._exchange.soon(self._exchange.hang_up, self.channel, *how)

    def _ring(self, channel: Channel) -> None:
        if channel is self.channel and not self.vanished:
            self.rang.append(Rang(channel, asyncio.get_running_loop().time()))
            self._exchange.rings(channel)

    def _stop_ringing(self) -> None:
        if self.rings:
            self.rang[-1].ended = asyncio.get_running_loop().time()


class Registrar:
    """Which agents' phones are registered, and what is told of them: `tell` takes account, address and status."""

    def __init__(self, tell: Callable[[str, str, str], None]) -> None:
        self._tell = tell
        self.contacts: dict[str, tuple[AgentPhone, str]] = {}

    def register(self, phone: AgentPhone) -> None:
        """A phone can be called."""
        self.contacts[phone.name] = (phone, "Reachable")
        for status in ("NonQualified", "Reachable"):
            self._tell(phone.name, address_of(phone.name), status)

    def unregister(self, phone: AgentPhone) -> None:
        """A phone is switched off as it should be."""
        if self.contacts.pop(phone.name, None):
            self._tell(phone.name, address_of(phone.name), "Removed")

    def lose(self, phone: AgentPhone) -> None:
        """A phone is gone without a word; Asterisk notices at its next question."""
        asyncio.get_running_loop().call_later(QUALIFY_WITHIN, self._unreachable, phone)

    def reachable(self, account: str) -> AgentPhone | None:
        """The phone that an INVITE would be sent to."""
        phone, status = self.contacts.get(account, (None, ""))
        return phone if status == "Reachable" else None

    def _unreachable(self, phone: AgentPhone) -> None:
        if phone.vanished and phone.name in self.contacts:
            self.contacts[phone.name] = (phone, "Unreachable")
            self._tell(phone.name, address_of(phone.name), "Unreachable")


def address_of(account: str) -> str:
    """Where a phone of this fake is."""
    return f"sip:{account}@127.0.0.1:50000;ob"
