"""Events of Asterisk's REST interface, typed: only the ones we act on, with only the fields we read.

Source: rest-api/api-docs/events.json of Asterisk 22.
"""

from typing import Final

import msgspec


class CallerId(msgspec.Struct, frozen=True):
    """Name and number that the other side claims."""

    name: str = ""
    number: str = ""


class Dialplan(msgspec.Struct, frozen=True):
    """Where in the dialplan a channel is."""

    context: str = ""
    exten: str = ""
    app_name: str = ""
    app_data: str = ""


class Channel(msgspec.Struct, frozen=True):
    """A channel as every event shows it."""

    id: str
    name: str = ""
    state: str = ""
    caller: CallerId = CallerId()
    dialplan: Dialplan = Dialplan()


class Event(msgspec.Struct, frozen=True, tag_field="type"):
    """Any event."""


class StasisStart(Event, frozen=True, tag=True):
    """A channel came under our control."""

    channel: Channel
    args: tuple[str, ...] = ()


class StasisEnd(Event, frozen=True, tag=True):
    """A channel left our control."""

    channel: Channel


class ChannelStateChange(Event, frozen=True, tag=True):
    """A channel began to ring or was answered."""

    channel: Channel


class ChannelDestroyed(Event, frozen=True, tag=True):
    """A channel is gone. `cause` is a Q.850 number, `tech_cause` the SIP status where there was one."""

    channel: Channel
    cause: int = 0
    cause_txt: str = ""
    tech_cause: int = 0


class ChannelDtmfReceived(Event, frozen=True, tag=True):
    """A key was pressed, told when it is released."""

    channel: Channel
    digit: str
    duration_ms: int = 0


class Playback(msgspec.Struct, frozen=True):
    """A playback: `state` is done or failed at its end."""

    id: str
    state: str = ""
    media_uri: str = ""


class PlaybackFinished(Event, frozen=True, tag=True):
    """A prompt has played to its end, was stopped, or failed."""

    playback: Playback


class ApplicationReplaced(Event, frozen=True, tag=True):
    """Another controller took our place: the signal to stop acting at once."""


_KNOWN: Final = (
    StasisStart,
    StasisEnd,
    ChannelStateChange,
    ChannelDestroyed,
    ChannelDtmfReceived,
    PlaybackFinished,
    ApplicationReplaced,
)
_DECODERS: Final = {kind.__name__: msgspec.json.Decoder(kind) for kind in _KNOWN}


class _Kind(msgspec.Struct):
    type: str


_KIND: Final = msgspec.json.Decoder(_Kind)

# Never ApplicationReplaced (fencing) and never RESTResponse: a filter of disallowed types keeps both.
UNWANTED: Final = (
    "BridgeCreated",
    "BridgeDestroyed",
    "ChannelCallerId",
    "ChannelConnectedLine",
    "ChannelCreated",
    "ChannelDialplan",
    "ChannelEnteredBridge",
    "ChannelHangupRequest",
    "ChannelLeftBridge",
    "ChannelToneDetected",
    "ChannelVarset",
    "Dial",
    "PlaybackContinuing",
    "PlaybackStarted",
)


def decode(text: str | bytes) -> Event | None:
    """One event, or None for a type that we do not know; raises msgspec.MsgspecError for what is no event."""
    decoder = _DECODERS.get(_KIND.decode(text).type)
    return decoder.decode(text) if decoder else None
