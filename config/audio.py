"""Recorded sound: prompts per language with the words they speak, and music on hold per class."""

import re
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.document import Document
from config.errors import shown
from config.fields import LANGUAGE, NAME
from config.files import CenterFiles

_OTHER_SOUNDS = frozenset({".aiff", ".alaw", ".flac", ".gsm", ".m4a", ".mp3", ".ogg", ".opus", ".ulaw", ".wave"})


@dataclass(frozen=True, slots=True)
class Prompt:
    """A recording of `text`; `path` is an 8 kHz, 16 bit, mono WAV."""

    name: str
    language: str
    path: Path
    text: str


def read_prompts(files: CenterFiles) -> dict[str, Mapping[str, Prompt]]:
    """Language to name to prompt, from prompts/<language>/."""
    return {
        folder.name: _language(files, folder)
        for folder in _folders(files, "prompts", LANGUAGE, "Name it by a BCP 47 tag such as `en` or `de-AT`.")
    }


def read_music(files: CenterFiles) -> dict[str, tuple[Path, ...]]:
    """Class to its recordings, in order of name, from music/<class>/."""
    classes = {
        folder.name: tuple(_recordings(files, folder).values())
        for folder in _folders(files, "music", NAME, "Use small letters, digits, - and _.")
    }
    for name in (name for name, recordings in classes.items() if not recordings):
        files.fault(files.root / "music" / name, "holds no recording", "Put a .wav file there, or remove the folder.")
    return classes


def _folders(files: CenterFiles, parent: str, pattern: str, remedy: str) -> list[Path]:
    folders = [path for path in files.listed(parent) if path.is_dir()]
    for folder in folders:
        if not re.fullmatch(pattern, folder.name):
            files.fault(folder, f"is a folder named {shown(folder.name)}, which is not possible here", remedy)
    return folders


def _language(files: CenterFiles, folder: Path) -> dict[str, Prompt]:
    recordings = _recordings(files, folder)
    document = files.read(f"{files.name(folder)}/prompts.yaml")
    texts = _texts(files, document)
    if document.readable:
        _pair(files, document, set(recordings), set(texts))
    both = sorted(recordings.keys() & texts.keys())
    return {name: Prompt(name, folder.name, recordings[name], texts[name]) for name in both}


def _texts(files: CenterFiles, document: Document) -> dict[str, str]:
    texts = document.data or {}
    if not isinstance(texts, dict):
        files.errors.append(document.error((), "does not hold entries", "Write one `name: words spoken` a line."))
        return {}
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            problem = f"is {shown(text)}, which is not text"
            files.errors.append(document.error((name,), problem, "Write the words that the recording speaks."))
    return {name: str(text) for name, text in texts.items()}


def _pair(files: CenterFiles, document: Document, recorded: set[str], written: set[str]) -> None:
    for name in sorted(written - recorded):
        remedy = f"Record {name[:40]}.wav beside this file, or remove the line."
        files.errors.append(document.error((name,), "has no recording", remedy))
    for name in sorted(recorded - written):
        remedy = f"Add the line `{name}: ...` with the words it speaks, or remove {name}.wav."
        files.errors.append(document.error((name,), "has a recording but no text", remedy))


def _recordings(files: CenterFiles, folder: Path) -> dict[str, Path]:
    sounds = [path for path in files.listed(files.name(folder)) if _is_sound(path)]
    for path in sounds:
        _check(files, path)
    return {path.stem: path for path in sounds}


def _is_sound(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in {".wav", *_OTHER_SOUNDS}


def _check(files: CenterFiles, path: Path) -> None:
    if not re.fullmatch(NAME, path.stem):
        files.fault(path, "has a name that is not possible here", "Use small letters, digits, - and _.")
    if problem := f"is a {path.suffix} file" if path.suffix != ".wav" else _wrong_format(path):
        remedy = f"Convert it: sox {path.name} -r 8000 -c 1 -b 16 new.wav, and put new.wav in its place."
        files.fault(path, f"{problem}, and must be WAV with 8000 Hz, 16 bit, mono", remedy)


def _wrong_format(path: Path) -> str | None:
    try:
        with wave.open(str(path), "rb") as sound:
            rate, width, channels = sound.getframerate(), sound.getsampwidth(), sound.getnchannels()
            empty = sound.getnframes() == 0
    except (wave.Error, EOFError) as error:
        return f"cannot be read as PCM sound ({error or 'it ends too early'})"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if (rate, width, channels) == (8000, 2, 1):
        return "holds no sound" if empty else None
    return f"has {rate} Hz, {8 * width} bit, {channels} channel{'s' if channels > 1 else ''}"
