"""What each round found, kept in a file so that a long run goes on where it stopped."""

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import msgspec

from tests.bench.chaos.strike import Kind


class Round(msgspec.Struct, frozen=True):
    """One strike. Times in seconds; `back` None means that it did not come back in time. `lived` counts the calls that
    were up when it struck; `gaps` the silences over 40 ms in our sound, and `control_gaps` those in as much sound of
    calls that are not ours, with the longest of each; `silences` are those that only ours had. `found` has callers'
    numbers by what was wrong."""

    kind: Kind
    live: int
    waiting: int
    lived: int
    lost: int
    doubled: int
    overtaken: int
    for_nobody: int
    back: float | None
    gaps: int
    gap: float
    control_gaps: int
    control_gap: float
    silences: list[str]
    found: dict[str, list[str]]

    @property
    def good(self) -> bool:
        """Whether nothing was wrong; how quickly it was back is for people to judge."""
        return not (self.found or self.silences or self.back is None)

    def unsettled(self, words: str) -> "Round":
        """The same, with what was found when the next one was to begin."""
        return msgspec.structs.replace(self, found=self.found | {"not settled afterwards": [words]})


class Record(msgspec.Struct):
    """All rounds of a run and its seed."""

    seed: int
    rounds: list[Round] = []

    @classmethod
    def read(cls, file: Path) -> Self:
        """What was kept. Raises FileNotFoundError."""
        return msgspec.json.decode(file.read_bytes(), type=cls)

    def write(self, file: Path) -> None:
        """Keeps it, whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_bytes(msgspec.json.format(msgspec.json.encode(self)))
        new.replace(file)

    def left(self, wanted: Mapping[Kind, int]) -> list[Kind]:
        """The strikes still to come, in an order that follows from the seed."""
        deck = [kind for kind, count in wanted.items() for _ in range(count)]
        random.Random(self.seed).shuffle(deck)
        done, to_come = Counter(each.kind for each in self.rounds), list[Kind]()
        for kind in deck:
            done[kind] -= 1
            if done[kind] < 0:
                to_come.append(kind)
        return to_come
