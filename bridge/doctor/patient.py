"""What the checks look at: one state directory, and the answers that several checks need, each asked for once."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec

from bridge.cli._place import Here, runner, running_center
from bridge.control import NotRunning, ask
from bridge.pbx import Doors, doors
from bridge.status import Status
from config.errors import ConfigErrors
from config.home import Account, server_account
from config.loader import Center, load
from config.reach import Reach, reach, usable
from config.settings import SettingsError
from telephony.asterisk.install import AsteriskProgram, already_here
from telephony.asterisk.process import AsteriskProcess

STATUS_WITHIN: Final = 2.0


@dataclass(frozen=True)
class Patient:
    """Nothing is made or changed by looking. What raises here becomes the finding of whichever check asked."""

    place: Here

    @cached_property
    def open(self) -> bool:
        """Whether we may look into the state directory; also true where there is none yet."""
        home = self.place.instance.home
        nearest = next(folder for folder in (home, *home.parents) if os.path.isdir(folder))  # noqa: PTH112 - never raises
        return os.access(nearest, os.X_OK if nearest != home else os.R_OK | os.W_OK | os.X_OK)

    @cached_property
    def runner(self) -> int | None:
        """The `throughline run` of this state directory."""
        return runner(self.place)

    @cached_property
    def account(self) -> Account | None:
        """Who servers run as, None when as ourselves."""
        return server_account()

    @cached_property
    def center(self) -> Center | None:
        """The revision that runs, or else the edited one; None when it is faulty or not there."""
        try:
            return load(running_center(self.place))
        except ConfigErrors:
            return None

    @cached_property
    def reach(self) -> Reach | None:
        """Where SIP is taken; None when settings and center contradict each other, which is told elsewhere."""
        if self.center is None:
            return None
        try:
            return usable(reach(self.place.settings, self.center.network, self.center.nat))
        except SettingsError:
            return None

    @cached_property
    def program(self) -> AsteriskProgram | None:
        """The Asterisk that is run, when it is installed. Raises InstallError."""
        return already_here(self.place.instance.software)

    @cached_property
    def pbx(self) -> AsteriskProcess | None:
        """Our own Asterisk's process, running or not."""
        return AsteriskProcess(self.program, self.place.instance.asterisk) if self.program else None

    @cached_property
    def pid(self) -> int | None:
        """Our own Asterisk's process id, while it lives."""
        return self.pbx.pid() if self.pbx else None

    @cached_property
    def doors(self) -> Doors | None:
        """Where Asterisk is asked; None where there has been none yet."""
        instance = self.place.instance
        begun = instance.key.exists() and (instance.home / "ports.json").exists()
        return doors(instance, self.place.foreign) if begun or self.place.foreign else None

    @cached_property
    def asked(self) -> Status | str:
        """What the controller says of itself, or why it says nothing."""
        try:
            answer = ask(self.place.instance.control, "status", within=STATUS_WITHIN)
            return answer.error or msgspec.convert(answer.result, Status)
        except NotRunning:
            return "it does not run"
        except (OSError, msgspec.MsgspecError) as error:
            return str(error) or type(error).__name__

    @property
    def status(self) -> Status | None:
        """As `asked`, for whom the answer alone counts."""
        return self.asked if isinstance(self.asked, Status) else None

    @cached_property
    def newest(self) -> tuple[int, str] | None:
        """The last fact's number and time; None without a journal, or with an empty one. Raises sqlite3.Error."""
        if not (file := self.place.instance.journal).exists():
            return None
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as journal:
            row = journal.execute("SELECT sequence, at FROM facts ORDER BY sequence DESC LIMIT 1").fetchone()
        return (int(row[0]), str(row[1])) if row else None
