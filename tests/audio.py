"""Sound as tests look at it: tones to send, and what a recording holds of a tone or of a prompt."""

import struct
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
RATE = 8000
HEADER = 44
WINDOW = 0.02
CHUNK = 0.4
WANDER = 0.12
SILENCE = 1e-3


def sine(path: Path, frequency: float, seconds: float, level: float = 0.3, rate: int = RATE) -> Path:
    """Writes a tone as 16-bit mono WAV; `level` is its amplitude as a share of full scale."""
    times = np.arange(round(seconds * rate)) / rate
    return write(path, level * np.sin(2 * np.pi * frequency * times), rate)


def write(path: Path, samples: Samples, rate: int = RATE) -> Path:
    """Writes samples between -1 and 1 as 16-bit mono WAV."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def read(path: Path) -> Samples:
    """Samples of a 16-bit mono WAV at 8 kHz, between -1 and 1; also of one whose header was never completed."""
    with wave.open(BytesIO(_completed(path.read_bytes())), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2), f"{path} is not 16-bit mono"
        rate, data = file.getframerate(), file.readframes(file.getnframes())
    samples = np.frombuffer(data, "<i2") / 32768
    return samples if rate == RATE else _resampled(samples, rate)


def levels(samples: Samples, frequency: float, window: float = WINDOW) -> Samples:
    """Amplitude of a frequency in each window of so many seconds, as a share of full scale (Goertzel's sum)."""
    size = round(window * RATE)
    rows = samples[: len(samples) // size * size].reshape(-1, size)
    wave_of = np.exp(-2j * np.pi * frequency * np.arange(size) / RATE)
    return np.asarray(2 * np.abs(rows @ wave_of) / size)


def seconds_of(path: Path, frequency: float, threshold: float = 0.05) -> float:
    """For how long a recording holds a tone above the threshold."""
    return float(np.count_nonzero(levels(read(path), frequency) > threshold) * WINDOW)


def loud_seconds(path: Path, threshold: float = 0.01) -> float:
    """For how long a recording holds any sound above the threshold, a share of full scale."""
    samples = read(path)
    size = round(WINDOW * RATE)
    whole = samples[: len(samples) // size * size].reshape(-1, size)
    return float(np.count_nonzero(np.sqrt(np.mean(whole**2, axis=1)) > threshold) * WINDOW)


def gaps(path: Path, frequency: float, threshold: float = 0.05) -> list[float]:
    """The interruptions of a tone in seconds, to 20 ms; silence before it begins and after it ends is none."""
    heard = np.flatnonzero(levels(read(path), frequency) > threshold)
    missing = np.diff(heard) - 1
    return [round(float(count * WINDOW), 3) for count in missing[missing > 0]]


def contains_prompt(recording: Path, prompt: Path) -> float:
    """How much of a prompt is in a recording, from 0 (nothing) to 1 (all, in its order).

    The prompt is looked for in pieces of 0.4 s by normalised cross-correlation, the loudest anywhere and the others
    where they belong, give or take 0.12 s: neither the codec, the level, the delay nor a lost packet counts for much.
    """
    heard, wanted = read(recording), _trimmed(read(prompt))
    size = round(CHUNK * RATE)
    starts = range(0, max(len(wanted) - size // 2, 1), size)
    pieces = [(start, wanted[start : start + size]) for start in starts]
    weights = np.array([float(np.sum(piece**2)) for _, piece in pieces])
    loudest = int(np.argmax(weights))
    _, begin = _best_match(heard, pieces[loudest][1])
    origin = begin - pieces[loudest][0]
    scores = [_score_near(heard, piece, origin + start) for start, piece in pieces]
    return float(np.average(scores, weights=weights))


def _completed(data: bytes) -> bytes:
    """The file with the lengths in its header, which a writer that was killed has left at 0."""
    if len(data) < HEADER or any(data[4:8]):
        return data
    length = (len(data) - HEADER) // 2 * 2
    return data[:4] + struct.pack("<I", length + 36) + data[8:40] + struct.pack("<I", length) + data[44 : 44 + length]


def _score_near(heard: Samples, piece: Samples, expected: int) -> float:
    wander = round(WANDER * RATE)
    begin, end = max(expected - wander, 0), max(expected + len(piece) + wander, 0)
    return _best_match(heard[begin:end], piece)[0]


def _best_match(heard: Samples, piece: Samples) -> tuple[float, int]:
    """The highest normalised cross-correlation, and where; silence matches nothing."""
    if len(heard) < len(piece):
        return 0.0, 0
    size = 1 << int(np.ceil(np.log2(len(heard) + len(piece))))
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(piece, size)), size)
    product = product[: len(heard) - len(piece) + 1]
    sums = np.concatenate(([0.0], np.cumsum(heard**2)))
    energy = np.sqrt(np.maximum(sums[len(piece) :] - sums[: -len(piece)], 0) * np.sum(piece**2))
    scores = np.where(energy > SILENCE, product / np.maximum(energy, SILENCE), 0.0)
    best = int(np.argmax(scores))
    return max(float(scores[best]), 0.0), best


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    assert loud.size, "the prompt is silent"
    return samples[loud[0] : loud[-1] + 1]


def _resampled(samples: Samples, rate: int) -> Samples:
    """At 8 kHz, through the frequencies both rates have."""
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)[: count // 2 + 1]
    padded = np.zeros(count // 2 + 1, complex)
    padded[: len(spectrum)] = spectrum
    return np.asarray(np.fft.irfft(padded, count) * count / len(samples))
