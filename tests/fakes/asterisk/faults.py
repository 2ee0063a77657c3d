"""What befalls commands about calls, by their number: they fail, or something happens just before or after one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_STANDING: Final = ("asterisk/", "applications/", "endpoints/")


class Fault(StrEnum):
    """How a command fails. A lost one is not done and gets no reply; a lost reply is that of one that was done."""

    NOT_FOUND = "404"
    BROKEN = "500"
    LOST = "lost"
    REPLY_LOST = "reply-lost"


@dataclass
class Commands:
    """Counts the commands about calls from 1 on; what else is asked of Asterisk is left alone."""

    faults: dict[int, Fault] = field(default_factory=dict)
    before: dict[int, Callable[[], None]] = field(default_factory=dict)
    after: dict[int, Callable[[], None]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def arrived(self, method: str, uri: str) -> int:
        """Counts a command and lets happen what is to happen before it; 0 for what does not count."""
        if uri.startswith(_STANDING) or method == "GET":
            return 0
        self.seen.append(f"{method} {uri}")
        _happen(self.before, number := len(self.seen))
        return number

    def done(self, number: int) -> None:
        """Lets happen what is to happen after a command, before its reply is sent."""
        _happen(self.after, number)


def _happen(incidents: dict[int, Callable[[], None]], number: int) -> None:
    if incident := incidents.pop(number, None):
        incident()
