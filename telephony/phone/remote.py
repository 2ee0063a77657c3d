"""A phone to drive from asyncio, for tests and scripts: each verb returns once it is done, or says why not."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self, TypeVar

from telephony.phone import protocol
from telephony.phone.link import Link
from telephony.phone.mailbox import Mailbox, PhoneError, PhoneGone, Wanted, brief
from telephony.phone.protocol import Account, AnyCommand, CallEvent, Event

E = TypeVar("E", bound=Event)
C = TypeVar("C", bound=CallEvent)
COMMAND_SECONDS = 10.0
START_SECONDS = 30.0
END_SECONDS = 8.0


class Phone:
    """One phone in a process of its own.

        async with await Phone.start(Account(username="ana", password="...")) as ana:
            await ana.register()
            call = await ana.incoming(within=10)
            await ana.answer()

    `call` is the number of a call, by default the newest that is not over. `within` is in seconds. Everything that
    waits raises PhoneTimeout when what it waits for does not come, PhoneGone when the process ends, and PhoneError
    when the phone refuses or the call ends instead.
    """

    def __init__(self, account: Account, link: Link, ready: protocol.Ready) -> None:
        self.account = account
        self.ready = ready
        self._link = link

    @classmethod
    async def start(cls, account: Account, *, within: float = START_SECONDS, through: Sequence[str] = ()) -> Self:
        """Starts a phone; it stands, and is not registered yet.

        `through` is a command that runs the phone somewhere else, such as `nsenter` with its arguments."""
        link = await Link.start(account.username, through)
        try:
            link.send(account)
            return cls(account, link, await link.mailbox.wait(Wanted(protocol.Ready), within))
        except BaseException:
            link.kill()
            await link.close(END_SECONDS)
            raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        await self._link.close(END_SECONDS)
        if self._link.crashed and kind is None:
            raise PhoneGone(self._link.obituary())

    @property
    def uri(self) -> str:
        """Where the phone can be called directly, without a server."""
        transport = "" if self.account.transport == "udp" else f";transport={self.account.transport}"
        return f"sip:{self.account.username}@{self.ready.address}:{self.ready.port}{transport}"

    @property
    def pid(self) -> int:
        """The id of the phone's process."""
        return self._link.pid

    @property
    def events(self) -> Mailbox:
        """What came from the phone."""
        return self._link.mailbox

    async def register(self, within: float = COMMAND_SECONDS) -> protocol.Registered:
        """Registers; raises PhoneError with the registrar's words when it is refused."""
        wanted = Wanted[protocol.Registered | protocol.Unregistered](protocol.Registered, protocol.Unregistered)
        self.events.drop(wanted)
        await self.do(protocol.Register())
        outcome = await self.events.wait(wanted, within)
        if isinstance(outcome, protocol.Unregistered):
            raise PhoneError(f"{self._link.name} was not registered: {outcome.code} {outcome.reason}")
        return outcome

    async def unregister(self, within: float = COMMAND_SECONDS) -> protocol.Unregistered:
        """Takes the registration back."""
        self.events.drop(Wanted(protocol.Unregistered))
        await self.do(protocol.Unregister())
        return await self.wait_for(protocol.Unregistered, within)

    async def call(self, target: str, headers: dict[str, str] | None = None) -> int:
        """Places a call to a number at the server or to a SIP URI, and returns the number of the call at once."""
        done = await self.do(protocol.Dial(target=target, headers=headers or {}))
        return done.call or 0

    async def incoming(self, within: float = 10.0) -> protocol.Incoming:
        """The next incoming call; it rings."""
        return await self.wait_for(protocol.Incoming, within)

    async def ringing(self, within: float = 10.0, call: int | None = None) -> protocol.Ringing:
        """The called side rings."""
        return await self._unless_over(protocol.Ringing, within, call)

    async def early_media(self, within: float = 10.0, call: int | None = None) -> protocol.EarlyMedia:
        """The called side is heard before it answers."""
        return await self._unless_over(protocol.EarlyMedia, within, call)

    async def answered(self, within: float = 10.0, call: int | None = None) -> protocol.Confirmed:
        """The call is answered; raises PhoneError with the SIP code when it ends instead."""
        return await self._unless_over(protocol.Confirmed, within, call)

    async def disconnected(self, within: float = 10.0, call: int | None = None) -> protocol.Disconnected:
        """The call is over and its recording whole; with several calls, say which is meant."""
        return await self.wait_for(protocol.Disconnected, within, call=self._number(call))

    async def answer(self, within: float = 10.0, call: int | None = None) -> protocol.Confirmed:
        """Answers, and waits until the caller knows."""
        number = self._number(call)
        await self.do(protocol.Respond(call=number, code=200))
        return await self.answered(within, number)

    async def ring(self, call: int | None = None) -> None:
        """Says again that it rings, without answering."""
        await self.do(protocol.Respond(call=self._number(call), code=180))

    async def decline(self, code: int = 603, call: int | None = None) -> None:
        """Refuses a call with a SIP code."""
        await self.do(protocol.Respond(call=self._number(call), code=code))

    async def busy(self, call: int | None = None) -> None:
        """Refuses a call as busy (486)."""
        await self.decline(486, call)

    async def hangup(self, within: float = 10.0, call: int | None = None) -> protocol.Disconnected:
        """Ends a call in whatever state, and waits for the end. A dead other side makes that take 32 s."""
        number = self._number(call)
        await self.do(protocol.Hangup(call=number))
        return await self.disconnected(within, number)

    async def play(self, path: str, loop: bool = False, call: int | None = None) -> None:
        """Sends a WAV file (16-bit mono PCM, any rate); it begins now, or with the answer."""
        await self.do(protocol.Play(path=path, loop=loop, call=self._number(call)))

    async def played(self, within: float = 60.0, call: int | None = None) -> protocol.Played:
        """A file was sent to its end."""
        return await self._unless_over(protocol.Played, within, call)

    async def stop_playing(self, call: int | None = None) -> None:
        """Sends silence."""
        await self.do(protocol.StopPlaying(call=self._number(call)))

    async def record(self, path: str, call: int | None = None) -> None:
        """Writes what is heard to a WAV file (8 kHz, 16-bit, mono), from now or from the first media on."""
        await self.do(protocol.Record(path=path, call=self._number(call)))

    async def stop_recording(self, call: int | None = None) -> None:
        """Returns once the file is whole; the end of the call does that too."""
        await self.do(protocol.StopRecording(call=self._number(call)))

    async def dtmf(self, digits: str, seconds: float = 0.2, call: int | None = None) -> None:
        """Queues keys (0-9, A-D, *, #) as RFC 4733 events, each held for so long."""
        await self.do(protocol.SendDtmf(digits=digits, seconds=seconds, call=self._number(call)))

    async def digits(self, count: int = 1, within: float = 10.0, call: int | None = None) -> str:
        """The next keys of the other side, waiting for each at most so long."""
        return "".join([(await self._unless_over(protocol.Dtmf, within, call)).digit for _ in range(count)])

    async def hold(self, within: float = 10.0, call: int | None = None) -> None:
        """Holds the other side."""
        number = self._number(call)
        await self.do(protocol.Hold(call=number))
        await self.wait_for(protocol.Held, within, call=number, by="us")

    async def unhold(self, within: float = 10.0, call: int | None = None) -> None:
        """Takes the other side back."""
        number = self._number(call)
        await self.do(protocol.Unhold(call=number))
        await self._unless_over(protocol.Resumed, within, number)

    async def transfer(self, target: str, within: float = 10.0, call: int | None = None) -> protocol.Transferred:
        """Sends the other side to a number or URI, and waits until it got there or not; 200 has ended our part."""
        return await self._transferred(protocol.Transfer(target=target, call=self._number(call)), within)

    async def join(self, other: int, within: float = 10.0, call: int | None = None) -> protocol.Transferred:
        """Connects the other sides of two of our calls, and waits until that is done or not."""
        return await self._transferred(protocol.Join(other=other, call=self._number(call)), within)

    async def stats(self, call: int | None = None) -> protocol.Media:
        """RTP of a live call so far."""
        number = self._number(call)
        await self.do(protocol.GetStats(call=number))
        return (await self.wait_for(protocol.Stats, call=number)).media

    async def wait_for(self, kind: type[E], within: float = 10.0, **values: object) -> E:
        """The first event of this kind, with these values, that no other wait has had, be it already there."""
        return await self.events.wait(Wanted(kind, **values), within)

    async def do(self, command: AnyCommand) -> protocol.Done:
        """Has any command carried out, without waiting for what follows from it."""
        return await self._link.ask(command, COMMAND_SECONDS)

    async def close(self) -> None:
        """Hangs up, unregisters and ends the process; raises PhoneGone if it had crashed."""
        await self.__aexit__(None, None, None)

    def kill(self) -> None:
        """The phone vanishes: SIGKILL, no BYE, no unregistering."""
        self._link.kill()

    def _number(self, call: int | None) -> int:
        number = call or self._link.newest
        if number is None:
            raise PhoneError(f"{self._link.name} has had no call; what came: {self.events.story()}")
        return number

    async def _transferred(self, command: protocol.Transfer | protocol.Join, within: float) -> protocol.Transferred:
        await self.do(command)
        return await self._unless_over(protocol.Transferred, within, command.call)

    async def _unless_over(self, kind: type[C], within: float, call: int | None) -> C:
        number = self._number(call)
        event = await self.events.wait(Wanted[Event](kind, protocol.Disconnected, call=number), within)
        if isinstance(event, kind):
            return event
        self.events.put_back(event)
        raise PhoneError(f"{self._link.name} waited for {protocol.snake(kind.__name__)}, but {brief(event)} came")
