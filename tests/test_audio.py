"""The audio tools find what was put into a recording, and only that."""

from pathlib import Path

import numpy as np
import pytest

from tests.audio import RATE, Samples, contains_prompt, gaps, levels, read, seconds_of, sine, write


@pytest.fixture
def noise() -> np.random.Generator:
    return np.random.default_rng(4)


def speech(noise: np.random.Generator, seconds: float, rate: int = RATE) -> Samples:
    """Something with the rise and fall of syllables, the same for the same generator state."""
    count = round(seconds * rate)
    times = np.arange(count) / rate
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * times + noise.uniform(0, 6))
    voice = sum(np.sin(np.cumsum(2 * np.pi * pitch * k / rate)) * noise.uniform(0.2, 1) / k for k in range(1, 20))
    rhythm = np.interp(
        times, np.arange(0, seconds + 0.2, 0.15), noise.uniform(0, 1, len(np.arange(0, seconds + 0.2, 0.15)))
    )
    return np.asarray(0.15 * voice * rhythm)


def through_ulaw(samples: Samples) -> Samples:
    """What eight bits of u-law leave of it."""
    compressed = np.sign(samples) * np.log1p(255 * np.abs(samples)) / np.log(256)
    rounded = np.round(compressed * 127) / 127
    return np.asarray(np.sign(rounded) * (256 ** np.abs(rounded) - 1) / 255)


def test_a_tone_is_found_at_its_level_and_nowhere_else(tmp_path: Path) -> None:
    samples = read(sine(tmp_path / "tone.wav", 440, 1.0, level=0.3))
    assert levels(samples, 440).mean() == pytest.approx(0.3, abs=0.02)
    assert levels(samples, 1000).mean() < 0.02


def test_seconds_of_a_tone_leave_out_the_silence(tmp_path: Path) -> None:
    tone = read(sine(tmp_path / "tone.wav", 440, 1.0))
    path = write(tmp_path / "mixed.wav", np.concatenate((np.zeros(RATE), tone, np.zeros(RATE // 2))))
    assert seconds_of(path, 440) == pytest.approx(1.0, abs=0.05)
    assert seconds_of(path, 700) == 0


def test_gaps_are_those_inside_the_tone(tmp_path: Path) -> None:
    tone = read(sine(tmp_path / "tone.wav", 440, 1.0))
    quiet = np.zeros(RATE)
    path = write(tmp_path / "gaps.wav", np.concatenate((quiet, tone, quiet[:800], tone, quiet[:4000], tone, quiet)))
    assert gaps(path, 440) == [pytest.approx(0.1, abs=0.021), pytest.approx(0.5, abs=0.021)]
    assert gaps(sine(tmp_path / "whole.wav", 440, 1.0), 440) == []


def test_a_recording_that_was_never_completed_can_be_read(tmp_path: Path) -> None:
    path = sine(tmp_path / "tone.wav", 440, 1.0)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = bytes(4)
    path.write_bytes(data)
    assert seconds_of(path, 440) == pytest.approx(1.0, abs=0.05)


def test_other_rates_are_brought_to_8_khz(tmp_path: Path) -> None:
    assert seconds_of(sine(tmp_path / "wide.wav", 440, 1.0, rate=16000), 440) == pytest.approx(1.0, abs=0.05)


def test_a_prompt_is_found_behind_codec_delay_level_and_noise(tmp_path: Path, noise: np.random.Generator) -> None:
    prompt = speech(noise, 3.0)
    heard = np.concatenate((np.zeros(5000), 0.5 * through_ulaw(prompt), np.zeros(3000)))
    heard = heard + noise.normal(0, 0.001, len(heard))
    score = contains_prompt(write(tmp_path / "heard.wav", heard), write(tmp_path / "prompt.wav", prompt))
    assert score > 0.95


def test_a_prompt_survives_a_lost_packet(tmp_path: Path, noise: np.random.Generator) -> None:
    prompt = speech(noise, 3.0)
    heard = np.concatenate((prompt[:9000], prompt[9160:]))
    assert contains_prompt(write(tmp_path / "heard.wav", heard), write(tmp_path / "prompt.wav", prompt)) > 0.9


def test_another_prompt_is_not_taken_for_it(tmp_path: Path, noise: np.random.Generator) -> None:
    heard, prompt = speech(noise, 4.0), speech(noise, 3.0)
    assert contains_prompt(write(tmp_path / "heard.wav", heard), write(tmp_path / "prompt.wav", prompt)) < 0.6


def test_half_a_prompt_scores_half(tmp_path: Path, noise: np.random.Generator) -> None:
    prompt = speech(noise, 4.0)
    heard = np.concatenate((np.zeros(RATE), prompt[: len(prompt) // 2], np.zeros(3 * RATE)))
    score = contains_prompt(write(tmp_path / "heard.wav", heard), write(tmp_path / "prompt.wav", prompt))
    assert 0.25 < score < 0.75


def test_silence_holds_no_prompt(tmp_path: Path, noise: np.random.Generator) -> None:
    silent = write(tmp_path / "silent.wav", np.zeros(RATE * 3))
    prompt = write(tmp_path / "prompt.wav", speech(noise, 1.0))
    assert contains_prompt(silent, prompt) == 0
    assert contains_prompt(write(tmp_path / "short.wav", np.zeros(100)), prompt) == 0
