"""What a check says: which thing it looked at, what it found there, and how that is mended."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is. With a warning Throughline works; something wrong must be mended."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """Words for a person; a remedy belongs to whatever is not ok. Never a secret."""

    area: str
    what: str
    verdict: Verdict
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Makes the findings of one area."""

    name: str

    def ok(self, what: str, found: str) -> Finding:
        """It is as it should be."""
        return Finding(self.name, what, Verdict.OK, found)

    def warning(self, what: str, found: str, remedy: str) -> Finding:
        """It works, and somebody should know."""
        return Finding(self.name, what, Verdict.WARNING, found, remedy)

    def wrong(self, what: str, found: str, remedy: str) -> Finding:
        """It must be mended."""
        return Finding(self.name, what, Verdict.WRONG, found, remedy)
