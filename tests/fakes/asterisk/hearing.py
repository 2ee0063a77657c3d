"""Who hears what, worked out from bridges, playbacks, music and ring tone."""

from pathlib import PurePath
from typing import Final

from tests.fakes.asterisk.channels import Channel

MUSIC: Final = "music"
RINGING: Final = "ringing"
Heard = frozenset[str]
SILENCE: Final[Heard] = frozenset()


def heard_by(channel: Channel) -> Heard:
    """What the phone of a channel hears now: a prompt, MUSIC, RINGING, other people by name, or nothing."""
    if channel.over:
        return SILENCE
    if channel.playing:
        return frozenset({PurePath(channel.playing[0].media).name})
    if channel.music:
        return frozenset({MUSIC})
    if channel.state != "Up":
        return SILENCE
    return _voices(channel) or _tones(channel)


def _voices(channel: Channel) -> Heard:
    if channel.bridge is None or channel.bridge.kind != "mixing":
        return SILENCE
    others = (each for each in channel.bridge.members if each is not channel)
    return frozenset(other.far.name for other in others if other.state == "Up" and not other.far.vanished)


def _tones(channel: Channel) -> Heard:
    if channel.bridge is not None and channel.bridge.music:
        return frozenset({MUSIC})
    return frozenset({RINGING}) if channel.ring_tone else SILENCE
