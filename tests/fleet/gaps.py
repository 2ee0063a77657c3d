"""Moments without sound in what a phone hears."""

from dataclasses import dataclass, field

SHORTEST = 0.03


@dataclass(frozen=True, slots=True)
class Gap:
    """From one packet of sound to the next one; times are those of `time.monotonic`."""

    since: float
    until: float

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.until - self.since


@dataclass(slots=True)
class Gaps:
    """Keeps the gaps that are longer than one packet's length and a half."""

    found: list[Gap] = field(default_factory=list)
    last: float | None = None

    def sound(self, at: float) -> None:
        """A packet of sound has come."""
        if self.last is not None and at - self.last > SHORTEST:
            self.found.append(Gap(self.last, at))
        self.last = at

    def until(self, now: float) -> list[Gap]:
        """All so far, with the one that has not ended yet."""
        if self.last is None or now - self.last <= SHORTEST:
            return list(self.found)
        return [*self.found, Gap(self.last, now)]
