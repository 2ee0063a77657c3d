"""How files play to channels: one after the other, each as long as it really is."""

import asyncio
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fakes.asterisk.channels import Channel, Playback


class Playbacks:
    """All that plays or waits to play. `tell` tells a channel's application."""

    def __init__(self, tell: Callable[[Channel, str, dict[str, Any]], None], changed: Callable[[], None]) -> None:
        self._tell_app, self._changed = tell, changed
        self.by_id: dict[str, Playback] = {}

    def play(self, channel: Channel, id: str, media: str) -> Playback:
        """A file plays, after those before it."""
        playback = self.by_id[id] = Playback(id, media, channel)
        channel.playing.append(playback)
        channel.quiet.clear()
        if len(channel.playing) == 1:
            self._start(channel)
        return playback

    def stop(self, playback: Playback) -> None:
        """A playback ends before its time; for Asterisk it is done all the same."""
        self._finish(playback, "done")

    def fail_all(self, channel: Channel) -> None:
        """A channel hung up: what plays and what waits has failed."""
        for playback in list(channel.playing):
            self._finish(playback, "failed", then_next=False)

    def _start(self, channel: Channel) -> None:
        playback = channel.playing[0]
        playback.state = "playing"
        channel.ring_tone = channel.music = False
        self._tell("PlaybackStarted", playback)
        seconds = _seconds_of(playback.media)
        state = "failed" if seconds is None else "done"
        asyncio.get_running_loop().call_later(seconds or 0.0, self._at_its_end, playback, state)
        self._changed()

    def _at_its_end(self, playback: Playback, state: str) -> None:
        playback.whole = state == "done" and self.by_id.get(playback.id) is playback
        self._finish(playback, state)

    def _finish(self, playback: Playback, state: str, then_next: bool = True) -> None:
        if self.by_id.get(playback.id) is not playback:
            return
        del self.by_id[playback.id]
        channel, was_first = playback.channel, playback.channel.playing[0] is playback
        channel.playing.remove(playback)
        playback.state = state
        self._tell("PlaybackFinished", playback)
        if not channel.playing:
            channel.quiet.set()
        elif was_first and then_next:
            self._start(channel)
        self._changed()

    def _tell(self, kind: str, playback: Playback) -> None:
        self._tell_app(playback.channel, kind, {"playback": playback.shown()})


def _seconds_of(media: str) -> float | None:
    """How long a `sound:` plays, or None where Asterisk could not play it."""
    file = Path(media.removeprefix("sound:") + ".wav")
    try:
        with wave.open(str(file)) as sound:
            return sound.getnframes() / sound.getframerate() if sound.getframerate() == 8000 else None
    except (OSError, wave.Error):
        return None
