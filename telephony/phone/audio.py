"""What one call is sent from files, and the file that what it hears is written to."""

import wave
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

RIFF_SIZE = slice(4, 8)
RATES = (8000, 16000, 32000, 48000)


class Player(pj.AudioMediaPlayer):  # type: ignore[misc]
    """A WAV file as a source of sound."""

    def __init__(self, path: str, loop: bool, ended: Callable[[str], None]) -> None:
        super().__init__()
        check(path)
        self._path = path
        self._ended = ended
        self.createPlayer(path, 0 if loop else pj.PJMEDIA_FILE_NO_LOOP)

    def onEof2(self) -> None:
        """Comes from a thread of the library: `ended` must do no more than leave a note."""
        self._ended(self._path)


class CallAudio:
    """The sound of one call, kept across holds, each of which gives the call a new port.

    Files may be named before there is sound: they start when it does.
    """

    def __init__(self, silence: pj.AudioMedia, ended: Callable[[str], None], retire: Callable[[object], None]) -> None:
        self._silence = silence
        self._ended = ended
        self._retire = retire
        self._port: pj.AudioMedia | None = None
        self._player: Player | None = None
        self._recorder: pj.AudioMediaRecorder | None = None
        self._sending = False
        self._recording: str | None = None

    def connect(self, port: pj.AudioMedia) -> None:
        """Sound flows, through a port that is new after each change of media."""
        self._port = port
        self._silence.startTransmit(port)
        self._join_player()
        self._join_recorder()

    def disconnect(self) -> None:
        """The library took the port away; files stay, for the next one."""
        self._port = None

    def start_sending(self) -> None:
        """The call is answered: what is to be played is heard from its beginning."""
        self._sending = True
        self._join_player()

    def play(self, path: str, loop: bool) -> None:
        """Sends a file in place of the last; raises ValueError or pj.Error when it cannot be played."""
        player = Player(path, loop, self._ended)
        self.stop_playing()
        self._player = player
        self._join_player()

    def stop_playing(self) -> None:
        """Sends silence."""
        if self._player and self._port and self._sending:
            self._player.stopTransmit(self._port)
        # The end of the file may be on its way from another thread, so the player outlives its use for a moment.
        self._retire(self._player)
        self._player = None

    def record(self, path: str) -> None:
        """Writes what is heard from the first media on; raises pj.Error when the file cannot be made."""
        self.stop_recording()
        recorder = pj.AudioMediaRecorder()
        recorder.createRecorder(path)
        self._recorder, self._recording = recorder, path
        self._join_recorder()

    def stop_recording(self) -> str | None:
        """Ends the recording and names its file, which is whole some 20 ms later (see `is_whole`)."""
        path, self._recording = self._recording, None
        self._recorder = None
        return path

    def _join_player(self) -> None:
        if self._player and self._port and self._sending:
            self._player.startTransmit(self._port)

    def _join_recorder(self) -> None:
        if self._recorder and self._port:
            self._port.startTransmit(self._recorder)
            self._silence.startTransmit(self._recorder)  # so that a hold is as long in the file as it was


def check(path: str) -> None:
    """Raises ValueError unless it is 16-bit mono PCM at one of the RATES: other WAV files can abort the library."""
    try:
        with wave.open(path, "rb") as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
    except (OSError, EOFError, wave.Error) as error:
        raise ValueError(f"cannot play {path}: {str(error) or 'it is empty'}") from error
    if form not in [(1, 2, rate) for rate in RATES]:
        raise ValueError(f"cannot play {path}: it must be 16-bit mono PCM at 8, 16, 32 or 48 kHz")


def is_whole(path: str) -> bool:
    """True once the library has written the length into a recording, the last thing it does; true if it is gone."""
    try:
        with Path(path).open("rb") as file:
            return any(file.read(8)[RIFF_SIZE])
    except OSError:
        return True
