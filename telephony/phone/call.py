"""One call of a phone: what the library tells about it becomes events, and commands act on it."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Literal, Protocol

import pjsua2 as pj

from telephony.phone import protocol
from telephony.phone.audio import CallAudio
from telephony.phone.library import Library
from telephony.phone.message import headers, party
from telephony.phone.protocol import Account, AnyEvent, CallCommand, Media

DTMF_ENDED = 2
SRTP_RUNS = "SRTP status: Active"  # the library tells it to people only
FLOWING = (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)


class Owner(Protocol):
    """What a call needs of its phone."""

    account: Account
    library: Library

    def emit(self, event: AnyEvent) -> None:
        """Tells the event to whoever drives the phone."""

    def retire(self, thing: object) -> None:
        """Keeps a thing of the library until the library has certainly let go of it."""

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Does the work on the phone's thread, in so many seconds; may be called from any thread."""

    def when_whole(self, recording: str | None, work: Callable[[], None]) -> None:
        """Does the work once the recording is complete, soon if there is none."""

    def forget(self, call: "PhoneCall") -> None:
        """The call is over."""


def guarded(callback: Callable[..., None]) -> Callable[..., None]:
    """A callback from the library: an exception that left it would abort the process, so it becomes an event."""

    @wraps(callback)
    def call(self: Any, *arguments: Any) -> None:
        try:
            callback(self, *arguments)
        except Exception as error:
            self.owner.emit(protocol.Error(reason=f"{callback.__name__}: {reason(error)}"))

    return call


class PhoneCall(pj.Call):  # type: ignore[misc]
    """A call, numbered for whoever drives the phone; `by` is who ended it."""

    def __init__(self, account: pj.Account, owner: Owner, number: int, sip_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, sip_id)
        self.owner = owner
        self.number = number
        self.outgoing = sip_id == pj.PJSUA_INVALID_ID
        self.audio = CallAudio(owner.library.silence, self._played, owner.retire)
        self._media = Media()
        self._early = False
        self._held: Literal["us", "them"] | None = None
        self._by: Literal["us", "them"] = "them"
        self._use_presets(owner.account)

    @property
    def rings(self) -> bool:
        """True for an incoming call that nobody has answered yet."""
        return bool(self.isActive() and self.getInfo().state < pj.PJSIP_INV_STATE_CONNECTING)

    def dial(self, uri: str, headers: dict[str, str]) -> None:
        """Places the call; raises pj.Error when it cannot even be tried."""
        parameters = pj.CallOpParam(True)
        for name, value in headers.items():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            parameters.txOption.headers.append(header)
        self.makeCall(uri, parameters)

    def respond(self, code: int) -> None:
        """Answers an incoming call with a SIP code; raises pj.Error when it is too late for that."""
        if code >= 300:
            self._by = "us"
        parameters = pj.CallOpParam(True)
        parameters.statusCode = code
        self.answer(parameters)

    def hang_up(self) -> None:
        """Ends the call."""
        self._by = "us"
        self.hangup(pj.CallOpParam(True))

    def hold(self) -> None:
        """Asks the other side to wait; raises ValueError when it does already."""
        if self._held == "us":
            raise ValueError("the call is on hold already")
        self.setHold(pj.CallOpParam(True))

    def unhold(self) -> None:
        """Takes the call back from hold; raises ValueError when it was not held by us."""
        if self._held != "us":
            raise ValueError("the call is not on hold")
        parameters = pj.CallOpParam(True)
        parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
        self.reinvite(parameters)

    def transfer(self, uri: str) -> None:
        """Asks the other side to call there instead."""
        self.xfer(uri, pj.CallOpParam(True))

    def join(self, other: "PhoneCall") -> None:
        """Asks the other side to take our place in another call."""
        self.xferReplaces(other, pj.CallOpParam(True))

    def send_dtmf(self, digits: str, seconds: float) -> None:
        """Queues keys as RFC 4733 events, each held for so many seconds."""
        parameters = pj.CallSendDtmfParam()
        parameters.method = pj.PJSUA_DTMF_METHOD_RFC2833
        parameters.digits = digits
        parameters.duration = round(seconds * 1000)
        self.sendDtmf(parameters)

    def stats(self) -> protocol.Stats:
        """RTP so far."""
        now = Media(**{name: getattr(self._media, name) for name in Media.__struct_fields__})
        if self.hasMedia():
            add(now, self.getStreamStat(0))
            now.encrypted = SRTP_RUNS in self.dump(True, "")
        return protocol.Stats(call=self.number, media=now)

    @guarded
    def onCallState(self, _: pj.OnCallStateParam) -> None:
        """The state of the dialogue changed."""
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and self.outgoing:
            self.owner.emit(protocol.Ringing(call=self.number, code=info.lastStatusCode))
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.audio.start_sending()
            self.owner.emit(protocol.Confirmed(call=self.number, sip_call_id=info.callIdString))
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._disconnected(info)

    @guarded
    def onCallMediaState(self, _: pj.OnCallMediaStateParam) -> None:
        """Sound was agreed on, again at each hold and resume."""
        info = self.getInfo()
        status = next((m.status for m in info.media if m.type == pj.PJMEDIA_TYPE_AUDIO), pj.PJSUA_CALL_MEDIA_NONE)
        if status in FLOWING:
            self.audio.connect(self.getAudioMedia(-1))
        self._tell_early(info)
        self._tell_hold(status)

    @guarded
    def onDtmfEvent(self, parameters: pj.OnDtmfEventParam) -> None:
        """A key of the other side went down, is down or went up: the last is told."""
        if parameters.flags & DTMF_ENDED:
            self.owner.emit(protocol.Dtmf(call=self.number, digit=parameters.digit, seconds=parameters.duration / 1000))

    @guarded
    def onCallTransferStatus(self, parameters: pj.OnCallTransferStatusParam) -> None:
        """The other side tells how the transfer goes; the library leaves the end of our part to us."""
        if parameters.finalNotify:
            code, why = parameters.statusCode, parameters.reason
            self.owner.emit(protocol.Transferred(call=self.number, code=code, reason=why))
            if code // 100 == 2:
                self.owner.later(0, self._hang_up_if_active)

    @guarded
    def onCallTransferRequest(self, parameters: pj.OnCallTransferRequestParam) -> None:
        """The other side wants us to call elsewhere: we do not."""
        parameters.statusCode = pj.PJSIP_SC_DECLINE

    @guarded
    def onStreamDestroyed(self, parameters: pj.OnStreamDestroyedParam) -> None:
        """A stream is about to go: the last moment to count its packets."""
        self.owner.library.stop_clock()
        self.audio.disconnect()
        add(self._media, self.getStreamStat(parameters.streamIdx))

    @guarded
    def _use_presets(self, account: Account) -> None:
        if account.play:
            self.audio.play(account.play, account.loop)
        if account.record:
            self.audio.record(account.record.replace("{call}", str(self.number)))

    def _tell_early(self, info: pj.CallInfo) -> None:
        if self.outgoing and not self._early and info.state == pj.PJSIP_INV_STATE_EARLY:
            self._early = True
            self.owner.emit(protocol.EarlyMedia(call=self.number))

    def _tell_hold(self, status: int) -> None:
        by = holder(status)
        if by and by != self._held:
            self.owner.emit(protocol.Held(call=self.number, by=by))
        elif self._held and not by:
            self.owner.emit(protocol.Resumed(call=self.number))
        self._held = by

    def _hang_up_if_active(self) -> None:
        if self.isActive():
            self.hang_up()

    def _played(self, path: str) -> None:
        self.owner.later(0, partial(self.owner.emit, protocol.Played(call=self.number, path=path)))

    def _disconnected(self, info: pj.CallInfo) -> None:
        event = protocol.Disconnected(
            call=self.number, code=info.lastStatusCode, reason=info.lastReason, by=self._by, media=self._media
        )
        self.audio.stop_playing()
        self.owner.forget(self)
        self.owner.when_whole(self.audio.stop_recording(), partial(self.owner.emit, event))


def act(call: PhoneCall, command: CallCommand) -> None:
    """Carries out a command about a call; raises ValueError or pj.Error when it cannot be."""
    match command:
        case protocol.Respond(code=code):
            call.respond(code)
        case protocol.Hangup():
            call.hang_up()
        case protocol.Hold():
            call.hold()
        case protocol.Unhold():
            call.unhold()
        case protocol.Play(path=path, loop=loop):
            call.audio.play(path, loop)
        case protocol.StopPlaying():
            call.audio.stop_playing()
        case protocol.Record(path=path):
            call.audio.record(path)
        case protocol.SendDtmf(digits=digits, seconds=seconds):
            call.send_dtmf(digits, seconds)
        case protocol.GetStats():
            call.owner.emit(call.stats())


def incoming(call: PhoneCall, invite: str) -> protocol.Incoming:
    """The event of an INVITE, given as it came from the network."""
    fields = headers(invite)
    name, number = party(fields.get("From", fields.get("f", "")))
    return protocol.Incoming(
        call=call.number,
        number=number,
        name=name,
        to=fields.get("To", fields.get("t", "")),
        sip_call_id=call.getInfo().callIdString,
        headers=fields,
    )


def holder(status: int) -> Literal["us", "them"] | None:
    """Who holds the call, by the state of its media."""
    if status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD:
        return "us"
    return "them" if status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD else None


def add(media: Media, stat: pj.StreamStat) -> None:
    """Adds what one stream has counted."""
    sent, received = stat.rtcp.txStat, stat.rtcp.rxStat
    media.packets_sent += sent.pkt
    media.bytes_sent += sent.bytes
    media.packets_received += received.pkt
    media.bytes_received += received.bytes
    media.packets_lost += received.loss


def reason(error: Exception) -> str:
    """An error in words."""
    return str(error.reason) if isinstance(error, pj.Error) else str(error) or repr(error)
