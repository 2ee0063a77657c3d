"""A phone on its one thread: its account, its calls, and what it is told to do."""

from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from time import perf_counter

import pjsua2 as pj

from telephony.phone import protocol
from telephony.phone.account import SipAccount, address_of
from telephony.phone.audio import is_whole
from telephony.phone.call import PhoneCall, act, incoming, reason
from telephony.phone.library import Library
from telephony.phone.message import readable
from telephony.phone.protocol import Account, AnyCommand, AnyEvent, CallCommand

POLL_IN_A_CALL = 10
POLL_AT_REST = 50
RETIREMENT = 0.5
FAREWELL = 1.0
FILE_PATIENCE = 1.0


class Endpoint:
    """Everything is done on the thread that made it; only `later` may be called from others."""

    def __init__(self, account: Account, emit: Callable[[AnyEvent], None]) -> None:
        self.account = account
        self.emit = emit
        self.library = Library(account)
        self._new_work: SimpleQueue[tuple[float, Callable[[], None]]] = SimpleQueue()
        self._work: list[tuple[float, Callable[[], None]]] = []
        self._calls: dict[int, PhoneCall] = {}
        self._count = 0
        self._sip = SipAccount(self)
        host, port = self.library.address
        emit(protocol.Ready(address=host, port=port))

    def turn(self) -> None:
        """Handles what has come and what is due; waits for it at most 10 ms, or 50 ms at rest to spare the machine."""
        self.library.poll(POLL_IN_A_CALL if self._calls or self._work else POLL_AT_REST)
        while not self._new_work.empty():
            self._work.append(self._new_work.get())
        now = perf_counter()
        due = [work for when, work in self._work if when <= now]
        self._work = [item for item in self._work if item[0] > now]
        for work in due:
            self._try(work)

    def perform(self, command: AnyCommand) -> None:
        """Carries out a command; `done` or `error` tells what came of it."""
        self._try(partial(self._perform, command), command.request)

    def close(self) -> None:
        """Hangs up, unregisters and completes the files, within a second."""
        files = [call.audio.stop_recording() for call in self._calls.values()]
        self._try(self.library.hang_up_all)
        if self._sip.registered:
            self._try(partial(self._sip.register, False))
        until = perf_counter() + FAREWELL
        while perf_counter() < until and not self._at_rest(files):
            self.turn()

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Does the work in so many seconds, during a turn."""
        self._new_work.put((perf_counter() + seconds, work))

    def retire(self, thing: object) -> None:
        """Keeps a thing of the library for a moment: dropped too early it is used after its end."""
        self.later(RETIREMENT, partial(_drop, thing))

    def when_whole(self, recording: str | None, work: Callable[[], None]) -> None:
        """Does the work once the recording is complete, or after a second; in the next turn if there is none."""
        self.later(0, partial(self._when_whole, recording, work, perf_counter() + FILE_PATIENCE))

    def forget(self, call: PhoneCall) -> None:
        """The call is over."""
        self._calls.pop(call.number, None)
        self.retire(call)

    def arrived(self, sip_id: int, invite: str) -> None:
        """An INVITE came: it rings, and is answered if that is the phone's habit."""
        call = self._new_call(sip_id)
        call.respond(pj.PJSIP_SC_RINGING)
        self.emit(incoming(call, readable(invite)))
        if self.account.auto_answer is not None:
            self.later(self.account.auto_answer, partial(self._answer_if_ringing, call))

    def _perform(self, command: AnyCommand) -> None:
        match command:
            case protocol.Dial():
                self._done(command, self._dial(command))
            case protocol.StopRecording():
                call = self._call(command.call)
                self.when_whole(call.audio.stop_recording(), partial(self._done, command, call))
            case protocol.Register() | protocol.Unregister():
                self._sip.register(isinstance(command, protocol.Register))
                self._done(command)
            case protocol.Transfer() | protocol.Join():
                self._done(command, self._transfer(command))
            case _ if isinstance(command, CallCommand):
                call = self._call(command.call)
                act(call, command)
                self._done(command, call)

    def _done(self, command: AnyCommand, call: PhoneCall | None = None) -> None:
        self.emit(protocol.Done(request=command.request, call=call.number if call else None))

    def _call(self, number: int | None) -> PhoneCall:
        wanted = number or max(self._calls, default=0)
        if wanted not in self._calls:
            raise ValueError(f"there is no call {wanted}" if number else "there is no call")
        return self._calls[wanted]

    def _new_call(self, sip_id: int = pj.PJSUA_INVALID_ID) -> PhoneCall:
        self._count += 1
        call = self._calls[self._count] = PhoneCall(self._sip, self, self._count, sip_id)
        return call

    def _dial(self, command: protocol.Dial) -> PhoneCall:
        call = self._new_call()
        try:
            call.dial(address_of(self.account, command.target), command.headers)
        except pj.Error:
            self.forget(call)
            raise
        return call

    def _transfer(self, command: protocol.Transfer | protocol.Join) -> PhoneCall:
        call = self._call(command.call)
        if isinstance(command, protocol.Join):
            call.join(self._call(command.other))
        else:
            call.transfer(address_of(self.account, command.target))
        return call

    def _answer_if_ringing(self, call: PhoneCall) -> None:
        if call.rings:
            call.respond(pj.PJSIP_SC_OK)

    def _when_whole(self, recording: str | None, work: Callable[[], None], until: float) -> None:
        if recording and perf_counter() < until and not is_whole(recording):
            self.later(0, partial(self._when_whole, recording, work, until))
        else:
            work()

    def _at_rest(self, files: list[str | None]) -> bool:
        busy = self._calls or self._sip.registered
        return not busy and all(is_whole(file) for file in files if file)

    def _try(self, work: Callable[[], None], request: int | None = None) -> None:
        try:
            work()
        except Exception as error:
            self.emit(protocol.Error(reason=reason(error), request=request))


def _drop(_: object) -> None:
    """Lets go of what the pending call of this function has held."""
