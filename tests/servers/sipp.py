"""SIPp for tests: Debian's package in a folder of its own, run as an ordinary program, never installed."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from telephony.asterisk.debian import Unpacked, unpack

PACKAGE: Final = "sip-tester"
ENDED_WITHIN: Final = 5.0


def install(software: Path) -> Unpacked:
    """SIPp with the libraries that it needs, unpacked from Debian once. Raises InstallError."""
    return unpack([PACKAGE], software / "sipp", print)


@dataclass
class Sipp:
    """One SIPp that calls: `scenario` with the words in `keys`, `rate` new calls a second until `limit` are up, and
    again whenever one has ended. What the scenario logs comes to `log`, line by line."""

    program: Unpacked
    scenario: Path
    folder: Path
    server: tuple[str, int]
    number: str
    keys: Mapping[str, str]
    rate: float
    limit: int
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """What the scenario's `log` actions say."""
        return self.folder / "calls.log"

    def start(self) -> None:
        """Starts it; it never outlives us."""
        self.folder.mkdir(parents=True)
        self.log.touch()
        with (self.folder / "said").open("wb") as said:
            command = ("setpriv", "--pdeathsig", "KILL", *self.program.command("sipp"), *self._options())
            self._process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )

    def _options(self) -> list[str]:
        host, port = self.server
        options = f"{host}:{port} -i 127.0.0.1 -sf {self.scenario} -s {self.number} -nostdin"
        options += f" -r {self.rate:g} -l {self.limit} -trace_logs -log_file {self.log}"
        options += " -trace_err -error_file errors.log -default_behaviors all,-abortunexp"
        return [*options.split(), *(word for key, value in self.keys.items() for word in ("-key", key, value))]

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def end(self) -> None:
        """Ends it at once; its callers are gone without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(ENDED_WITHIN)
            self._process = None
