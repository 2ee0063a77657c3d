"""Hears in a recording that is still being made: prompts, music, ring tone, people's own tones, silence."""

from pathlib import Path
from typing import Final

import numpy as np

from config.audio import Prompt
from config.loader import Center
from tests import audio
from tests.audio import RATE, Samples
from tests.playbook.sounds import MUSIC, RINGING

BEGINNING: Final = 1.0
WINDOW: Final = 0.5
EXACTLY: Final = 0.1
ENOUGH: Final = 0.6
LOUD: Final = 0.03
QUIET: Final = 0.003
RING_TONE: Final = (440, 480)
TONES: Final = range(600, 2100, 150)


class Ears:
    """Knows every sound of a center. `voices` are the tones of people, by name."""

    def __init__(self, center: Center, folder: Path) -> None:
        self.voices: dict[str, int] = {}
        self._prompts = center.prompts[center.language]
        self._music = center.music["default"]
        self._folder = folder

    def voice(self, name: str) -> int:
        """A person's own tone."""
        return self.voices.setdefault(name, TONES[len(self.voices)])

    def search(self, sound: str, begin: int) -> "Search":
        """A search for a sound, in what is heard from a sample on."""
        return Search(self, sound, begin)

    def length(self, sound: str) -> int:
        """How many samples are needed to tell."""
        return round((BEGINNING if sound in self._prompts else WINDOW) * RATE)

    def share(self, prompt: str, heard: Samples) -> float:
        """How much of a prompt was heard, from 0 to 1."""
        return self._contains(heard, self._prompts[prompt].path)

    def seconds(self, prompt: str) -> float:
        """How long a prompt is."""
        return len(audio.read(self._prompts[prompt].path)) / RATE

    def is_in(self, sound: str, heard: Samples) -> bool:
        """Whether a sound begins in a piece of what was heard, or fills it."""
        if sound in self._prompts:
            return self._contains(heard, self._beginning(self._prompts[sound])) > ENOUGH
        if sound == MUSIC:
            return self._is_music(heard)
        tones = RING_TONE if sound == RINGING else (self.voices[sound],) if sound in self.voices else ()
        return all(_has(heard, tone) for tone in tones) if tones else _loudness(heard) < QUIET

    def _is_music(self, heard: Samples) -> bool:
        """A piece of what was heard is looked for in the music, since nobody hears it from its beginning."""
        if _loudness(heard) < QUIET or _has(heard, *RING_TONE):
            return False
        piece = audio.write(self._file("piece"), heard)
        return any(audio.contains_prompt(music, piece) > ENOUGH for music in self._music)

    def _contains(self, heard: Samples, prompt: Path) -> float:
        return audio.contains_prompt(audio.write(self._file("heard"), heard), prompt)

    def _beginning(self, prompt: Prompt) -> Path:
        file = self._file(f"begin-{prompt.name}")
        if not file.exists():
            samples = audio.read(prompt.path)
            begin = int(np.flatnonzero(np.abs(samples) > LOUD)[0])
            audio.write(file, samples[begin : begin + round(BEGINNING * RATE)])
        return file

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.wav"


class Search:
    """Looks for a sound in a recording that grows, at each place once."""

    def __init__(self, ears: Ears, sound: str, begin: int) -> None:
        self._ears, self._sound, self._next = ears, sound, begin

    def look(self, recording: Samples) -> int | None:
        """Where the sound begins, to about half a second; None where it has not come yet."""
        step, least = round(WINDOW * RATE), self._ears.length(self._sound)
        while self._next + least + step <= len(recording):
            if self._ears.is_in(self._sound, recording[self._next : self._next + least + step]):
                return self._next
            self._next += step
        return self._rest(recording, least)

    def _rest(self, recording: Samples, least: int) -> int | None:
        """The end of the recording, which is too short to be done with."""
        rest = recording[self._next :]
        return self._next if len(rest) >= least and self._ears.is_in(self._sound, rest) else None


def _has(heard: Samples, *tones: int) -> bool:
    """Whether tones sound for the most of it."""
    return all(float(np.median(audio.levels(heard, tone, EXACTLY))) > LOUD for tone in tones)


def _loudness(heard: Samples) -> float:
    return float(np.sqrt(np.mean(heard**2))) if len(heard) else 0.0


def tone_file(folder: Path, frequency: int) -> Path:
    """A second of a tone, to be played again and again."""
    file = folder / f"tone-{frequency}.wav"
    return file if file.exists() else audio.sine(file, frequency, seconds=1.0)
