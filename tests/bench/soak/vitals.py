"""What the processes of a center take: memory, processor, files, threads, and what grows on disk."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression
from typing import Final

from tests.bench.soak.center import OwnCenter

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Vitals:
    """One process; memory in MB, processor time in seconds since its start."""

    pid: int
    memory: float
    processor: float
    files: int
    threads: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A center at one moment, after so many calls."""

    at: float
    calls: int
    controller: Vitals | None
    asterisk: Vitals
    fleet: Vitals
    disk: float
    channels: int
    mixing: int
    holding: int


def look(pid: int) -> Vitals:
    """The vitals of a process. Raises OSError when it is gone."""
    place = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line)
    times = (place / "stat").read_text().rpartition(")")[2].split()[11:13]
    processor = sum(map(int, times)) / _TICKS
    memory = int(status["VmRSS"].split()[0]) / 1024
    return Vitals(pid, memory, processor, sum(1 for _ in (place / "fd").iterdir()), int(status["Threads"]))


def sample(center: OwnCenter, at: float, calls: int) -> Sample:
    """A center now; blocking."""
    controller = center.controller()
    kinds = [bridge["bridge_type"] for bridge in center.ari("bridges")]
    return Sample(
        at,
        calls,
        look(controller) if controller else None,
        look(center.asterisk()),
        look(os.getpid()),
        sum(file.stat().st_size for file in center.instance.home.glob("*.sqlite*")) / _MB,
        len(center.ari("channels")),
        kinds.count("mixing"),
        kinds.count("holding"),
    )


def slope(points: Sequence[tuple[int, float]]) -> float | None:
    """How much memory a thousand calls take over the last quarter of the points, by least squares."""
    last = points[-max(len(points) // 4, 2) :]
    calls, memory = [each[0] / 1000 for each in last], [each[1] for each in last]
    return linear_regression(calls, memory).slope if len(set(calls)) > 1 else None
