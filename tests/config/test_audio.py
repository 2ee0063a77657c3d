"""Prompts with their texts, music by class, and one format for all of it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config.audio import Prompt, read_music, read_prompts
from config.files import CenterFiles

WriteWav = Callable[..., Path]


@pytest.fixture
def files(tmp_path: Path, wav: WriteWav) -> CenterFiles:
    (tmp_path / "prompts" / "en").mkdir(parents=True)
    (tmp_path / "prompts" / "README.md").touch()
    (tmp_path / "prompts" / "en" / "prompts.yaml").write_text("welcome: Welcome.\nbye: Goodbye.\n")
    wav(tmp_path / "prompts" / "en" / "welcome.wav")
    wav(tmp_path / "prompts" / "en" / "bye.wav")
    wav(tmp_path / "music" / "default" / "b.wav")
    wav(tmp_path / "music" / "default" / "a.wav")
    return CenterFiles(tmp_path)


def told(files: CenterFiles) -> list[tuple[str, int, str]]:
    read_prompts(files)
    read_music(files)
    return [(error.file, error.line, error.problem) for error in files.errors]


def test_prompts_go_by_language_and_name(files: CenterFiles) -> None:
    path = files.root / "prompts" / "en" / "welcome.wav"
    assert read_prompts(files)["en"]["welcome"] == Prompt("welcome", "en", path, "Welcome.")
    assert list(read_prompts(files)["en"]) == ["bye", "welcome"]
    assert files.errors == []


def test_music_goes_by_class_in_order(files: CenterFiles) -> None:
    assert [path.name for path in read_music(files)["default"]] == ["a.wav", "b.wav"]
    assert files.errors == []


def test_a_center_without_sound_is_possible(tmp_path: Path) -> None:
    files = CenterFiles(tmp_path)
    assert (read_prompts(files), read_music(files), files.errors) == ({}, {}, [])


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"rate": 44100}, "has 44100 Hz, 16 bit, 1 channel"),
        ({"channels": 2}, "has 8000 Hz, 16 bit, 2 channels"),
        ({"width": 1}, "has 8000 Hz, 8 bit, 1 channel"),
        ({"frames": 0}, "holds no sound"),
    ],
)
def test_another_format_is_an_error_that_says_how_to_convert(
    files: CenterFiles, wav: WriteWav, form: dict[str, int], problem: str
) -> None:
    wav(files.root / "prompts" / "en" / "bye.wav", **form)
    expected = f"{problem}, and must be WAV with 8000 Hz, 16 bit, mono"
    assert told(files) == [("prompts/en/bye.wav", 1, expected)]
    assert files.errors[0].remedy.startswith("Convert it: sox bye.wav -r 8000 -c 1 -b 16 new.wav")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\xff\xff\xff\xffWAVEfmt ", b"ID3\x03", os.urandom(200)])
def test_what_is_no_wav_is_an_error(files: CenterFiles, content: bytes) -> None:
    (files.root / "music" / "default" / "a.wav").write_bytes(content)
    ((file, _, problem),) = told(files)
    assert (file, problem.split("(")[0]) == ("music/default/a.wav", "cannot be read as PCM sound ")


def test_other_kinds_of_sound_are_errors_and_other_files_are_not(files: CenterFiles) -> None:
    for name in ("track.mp3", "LOUD.WAV", "LICENSE", "cover.png"):
        (files.root / "music" / "default" / name).touch()
    told(files)
    assert {error.file for error in files.errors} == {"music/default/track.mp3", "music/default/LOUD.WAV"}


def test_a_text_needs_its_recording_and_a_recording_its_text(files: CenterFiles, wav: WriteWav) -> None:
    (files.root / "prompts" / "en" / "prompts.yaml").write_text("welcome: Welcome.\nsorry: Sorry.\n")
    assert told(files) == [
        ("prompts/en/prompts.yaml", 2, "has no recording"),
        ("prompts/en/prompts.yaml", 1, "has a recording but no text"),
    ]


@pytest.mark.parametrize("text", ["welcome:\nbye: Goodbye.", "bye: Goodbye.\nwelcome: 7", "bye: x\nwelcome: ' '"])
def test_a_text_must_be_words(files: CenterFiles, text: str) -> None:
    (files.root / "prompts" / "en" / "prompts.yaml").write_text(text)
    ((_, line, problem),) = told(files)
    assert line == text.splitlines().index(next(part for part in text.splitlines() if "welcome" in part)) + 1
    assert problem.endswith("which is not text")


def test_texts_must_be_entries_and_readable(files: CenterFiles) -> None:
    texts = files.root / "prompts" / "en" / "prompts.yaml"
    texts.write_text("a: [")
    assert [line for _, line, _ in told(files)] == [1]
    files.errors.clear()
    texts.write_text("- Welcome.")
    assert told(files)[0][2] == "does not hold entries"


def test_folders_are_languages_and_classes(files: CenterFiles) -> None:
    (files.root / "prompts" / "English").mkdir()
    (files.root / "music" / "Jazz!").mkdir()
    (files.root / "music" / "quiet").mkdir()
    problems = [problem for _, _, problem in told(files)]
    assert problems[0] == "is a folder named `English`, which is not possible here"
    assert problems[1] == "is a folder named `Jazz!`, which is not possible here"
    assert problems.count("holds no recording") == 2
