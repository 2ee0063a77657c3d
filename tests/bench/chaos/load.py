"""The many callers: SIPp, which calls again whenever one of them has ended."""

import re
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from telephony.asterisk.debian import Unpacked
from tests.bench.chaos.center import SALES
from tests.bench.chaos.seen import WALL, Caller
from tests.bench.soak.center import OwnCenter
from tests.fleet.call import THEM, VANISHED
from tests.servers.sipp import Sipp

SCENARIO: Final = Path(__file__).with_name("callers.xml")
RATE: Final = 12.0
_LINE: Final = re.compile(r"\S+\t\S+\t([0-9.]+) (\w+) (\d+)")


@dataclass(slots=True)
class Load:
    """So many callers in `sales` at any time. Their sound goes to one port that nobody reads, so that no refusal of the
    network comes back to Asterisk."""

    center: OwnCenter
    program: Unpacked
    size: int
    callers: dict[str, Caller] = field(default_factory=dict)
    _sink: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    _sipp: Sipp | None = None
    _lives: int = 0
    _read: int = 0

    def start(self) -> None:
        """Begins to call."""
        if not self._lives:
            self._sink.bind(("127.0.0.1", 0))
        self._lives, self._read = self._lives + 1, 0
        keys = {"life": f"07{self._lives:03}", "sink": str(self._sink.getsockname()[1])}
        folder = self.center.instance.home / f"sipp-{self._lives}"
        self._sipp = Sipp(self.program, SCENARIO, folder, self.center.server, SALES, keys, RATE, self.size)
        self._sipp.start()

    @property
    def pid(self) -> int | None:
        """SIPp's process."""
        return self._sipp.pid if self._sipp else None

    def look(self) -> None:
        """Takes up what SIPp has told since."""
        if self._sipp is None:
            return
        with self._sipp.log.open() as log:
            log.seek(self._read)
            for line in log:
                if not line.endswith("\n"):
                    break
                self._read += len(line)
                take(self.callers, line)

    def forget(self, before: float) -> None:
        """Lets go of those who ended before a moment."""
        self.callers = {n: each for n, each in self.callers.items() if each.ended is None or each.ended > before}

    def end(self) -> None:
        """All callers are gone without a word."""
        self.look()
        if self._sipp:
            self._sipp.end()
            self._sipp = None
        for caller in self.callers.values():
            if caller.ended is None:
                caller.ended, caller.ended_by = time.monotonic(), VANISHED

    def close(self) -> None:
        """Ends it for good."""
        self.end()
        self._sink.close()


def take(callers: dict[str, Caller], line: str) -> None:
    """Takes up a line of SIPp's log: a moment twice, what happened, and to whom."""
    if (told := _LINE.match(line)) is None:
        return
    at, what, number = float(told[1]) - WALL, told[2], told[3]
    caller = callers.setdefault(number, Caller(number, "sales", at))
    match what:
        case "answered":
            caller.answered = at
        case "ended" | "refused":
            caller.ended, caller.ended_by = at, THEM
