"""What a phone process reads and writes: one JSON object a line, commands in, events out."""

import re
from time import perf_counter
from typing import Annotated, Literal

from msgspec import DecodeError, Meta, Struct, field, json

Port = Annotated[int, Meta(ge=0, le=65535)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Line = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
Token = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x20\x7f<>\"]*\Z")]
HeaderName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}\Z")]
Digits = Annotated[str, Meta(pattern=r"^[0-9A-D*#]{1,31}\Z")]


class Account(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a phone is, and what it does by itself.

    `server` is the registrar and proxy, as host or host:port. `register=False` makes an outside caller, who needs no
    account anywhere. `port=0` takes a free port. `auto_answer` is the delay in seconds before an incoming call is
    answered. `play` and `record` are WAV files for every call: sending starts at the answer, recording with the first
    media; `{call}` in the name of the recording becomes the number of the call. `log` is a file for a full SIP trace.
    `authority` is a PEM file: with it, a server that takes TLS must prove to be the one that was called. `srtp` is how
    sound is encrypted (RFC 4568): `offered` to whoever understands it, or `required`.
    """

    username: Token = "caller"
    password: str = ""
    server: Token = "127.0.0.1:5060"
    domain: Token = ""
    display_name: str = ""
    transport: Literal["udp", "tcp", "tls"] = "udp"
    authority: str = ""
    srtp: Literal["off", "offered", "required"] = "off"
    register: bool = True
    expires: Annotated[int, Meta(ge=10, le=86400)] = 300
    address: Token = "127.0.0.1"
    port: Port = 0
    auto_answer: Seconds | None = None
    play: str | None = None
    loop: bool = False
    record: str | None = None
    log: str | None = None

    def __repr__(self) -> str:
        return f"Account({self.username} at {self.server})"  # without the password


def snake(name: str) -> str:
    """`EarlyMedia` as `early_media`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


class Command(Struct, tag_field="type", tag=snake, kw_only=True, forbid_unknown_fields=True):
    """What a phone is asked to do; `done` or `error` answers with the same `request`."""

    request: int = 0


class CallCommand(Command, kw_only=True):
    """A command about one call; without a number it means the newest one."""

    call: int | None = None


class Register(Command):
    """Registers; `registered` or `unregistered` follows."""


class Unregister(Command):
    """Takes the registration back."""


class Dial(Command):
    """Places a call to a number at the server, or to a whole SIP URI."""

    target: Line
    headers: dict[HeaderName, Line] = {}


class Respond(CallCommand):
    """Answers an incoming call with a SIP code: 180 rings, 200 answers, 486 is busy, 603 declines."""

    code: Annotated[int, Meta(ge=180, le=699)] = 200


class Hangup(CallCommand):
    """Ends a call in whatever state it is."""


class Hold(CallCommand):
    """Puts the other side on hold."""


class Unhold(CallCommand):
    """Takes the other side off hold."""


class Transfer(CallCommand, kw_only=True):
    """Sends the other side to a number or URI (REFER); `transferred` follows."""

    target: Line


class Join(CallCommand, kw_only=True):
    """Sends the other side to the other side of another call of ours (REFER with Replaces); `transferred` follows."""

    other: int


class Play(CallCommand):
    """Sends a WAV file (16-bit PCM) in place of what is being sent."""

    path: Line
    loop: bool = False


class StopPlaying(CallCommand):
    """Sends silence again."""


class Record(CallCommand):
    """Writes what is heard to a WAV file: 8 kHz, 16-bit, mono."""

    path: Line


class StopRecording(CallCommand):
    """Completes the recording; done once the file is whole."""


class SendDtmf(CallCommand):
    """Sends keys as RFC 4733 events, each held so long; done when they are queued."""

    digits: Digits
    seconds: Annotated[float, Meta(ge=0.04, le=6.0)] = 0.2


class GetStats(CallCommand):
    """Asks for `stats` of a call that goes on."""


class Quit(Command):
    """Hangs up, unregisters and ends the process, as the end of input does."""


class Event(Struct, tag_field="type", tag=snake, kw_only=True):
    """What happened to a phone; `at` is in seconds of the machine's monotonic clock, comparable between phones."""

    at: float = field(default_factory=perf_counter)


class CallEvent(Event, kw_only=True):
    """What happened to one call of the phone; calls are numbered from 1."""

    call: int


class Ready(Event):
    """The phone stands; `port` is where it takes SIP."""

    address: str
    port: int


class Done(Event):
    """A command was carried out; `call` is the call it was about."""

    request: int
    call: int | None = None


class Error(Event):
    """A command was refused (`request` names it), or something failed that nobody asked for."""

    reason: str
    request: int | None = None


class Registered(Event):
    """The registrar knows this phone for so many seconds; comes again with each refresh."""

    seconds: int


class Unregistered(Event):
    """The registrar does not know this phone: it refused, did not answer, or was asked to forget."""

    code: int
    reason: str


class Incoming(CallEvent):
    """Somebody calls; the phone rings (180) by itself. Headers that come twice are joined by commas."""

    number: str
    name: str
    to: str
    sip_call_id: str
    headers: dict[str, str]


class Ringing(CallEvent):
    """The called side rings (180) or makes progress (181 to 183)."""

    code: int


class EarlyMedia(CallEvent):
    """Sound comes from the called side before it answers."""


class Confirmed(CallEvent):
    """The call is answered and both sides know it."""

    sip_call_id: str


class Held(CallEvent):
    """One side holds the other."""

    by: Literal["us", "them"]


class Resumed(CallEvent):
    """Sound flows again after a hold."""


class Transferred(CallEvent):
    """How a transfer ended; after a code of 200 the phone has hung up its own part."""

    code: int
    reason: str


class Dtmf(CallEvent):
    """A key of the other side went up after so many seconds."""

    digit: str
    seconds: float


class Played(CallEvent):
    """A file that is not looped was sent to its end."""

    path: str


class Media(Struct, kw_only=True):
    """RTP of one call, counted over all its streams; `encrypted` is told of a live call."""

    encrypted: bool = False
    packets_sent: int = 0
    bytes_sent: int = 0
    packets_received: int = 0
    bytes_received: int = 0
    packets_lost: int = 0


class Stats(CallEvent):
    """RTP of a call so far."""

    media: Media


class Disconnected(CallEvent):
    """The call is over, and its recording is whole. `code` is SIP's: 200 after a talk, 486, 603, 487 and so on."""

    code: int
    reason: str
    by: Literal["us", "them"]
    media: Media


AnyCommand = (
    Register
    | Unregister
    | Dial
    | Respond
    | Hangup
    | Hold
    | Unhold
    | Transfer
    | Join
    | Play
    | StopPlaying
    | Record
    | StopRecording
    | SendDtmf
    | GetStats
    | Quit
)
AnyEvent = (
    Ready
    | Done
    | Error
    | Registered
    | Unregistered
    | Incoming
    | Ringing
    | EarlyMedia
    | Confirmed
    | Held
    | Resumed
    | Transferred
    | Dtmf
    | Played
    | Stats
    | Disconnected
)

_commands: json.Decoder[AnyCommand] = json.Decoder(AnyCommand)
_events: json.Decoder[AnyEvent] = json.Decoder(AnyEvent)
_accounts = json.Decoder(Account)
_requests = json.Decoder(dict[str, object])


def encode(message: Account | AnyCommand | AnyEvent) -> bytes:
    """One message as one line."""
    return json.encode(message) + b"\n"


def decode_account(line: bytes) -> Account:
    """The first line a phone process reads; raises msgspec.DecodeError on anything else."""
    return _accounts.decode(line)


def checked(account: Account) -> Account:
    """The account, if a phone would take it; raises msgspec.DecodeError, which names what is wrong."""
    return decode_account(encode(account))


def decode_command(line: bytes) -> AnyCommand:
    """A line for a phone; raises msgspec.DecodeError on anything else."""
    return _commands.decode(line)


def request_of(line: bytes) -> int | None:
    """The request number in a line that is no command, so that its refusal can be matched."""
    try:
        request = _requests.decode(line).get("request")
    except DecodeError:
        return None
    return request if isinstance(request, int) else None


def decode_event(line: bytes) -> AnyEvent:
    """A line from a phone; raises msgspec.DecodeError on anything else."""
    return _events.decode(line)
