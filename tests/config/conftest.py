"""Centers to load: the shipped one's text with a blink of silence for every recording."""

import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

SHIPPED = Path(__file__).parents[2] / "config" / "center"

WriteWav = Callable[..., Path]


def write_wav(path: Path, rate: int = 8000, width: int = 2, channels: int = 1, frames: int = 80) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setframerate(rate)
        sound.setsampwidth(width)
        sound.setnchannels(channels)
        sound.writeframes(bytes(frames * width * channels))
    return path


def copy_shipped(directory: Path) -> Path:
    for source in SHIPPED.rglob("*.yaml"):
        target = directory / source.relative_to(SHIPPED)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    for texts in directory.glob("prompts/*/prompts.yaml"):
        for name in YAML(typ="safe").load(texts):
            write_wav(texts.with_name(f"{name}.wav"))
    write_wav(directory / "music" / "default" / "silence.wav")
    return directory


@pytest.fixture
def wav() -> WriteWav:
    """Writes a tiny WAV: wav(path, rate=8000, width=2, channels=1, frames=80)."""
    return write_wav


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the shipped center that a test may spoil."""
    return copy_shipped(tmp_path / "center")


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy of the shipped center for a whole module, for properties that overwrite it."""
    return copy_shipped(tmp_path_factory.mktemp("spoilt"))
