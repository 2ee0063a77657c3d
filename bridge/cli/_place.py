"""What most commands begin with: where the state and the center lie, who runs on them, and how faults are told."""

import errno
import fcntl
import os
import select
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import config
from config.errors import ConfigErrors
from config.foreign import ForeignAsterisk
from config.home import HomeError, state_home, why_moved
from config.instance import Instance
from config.reach import own_address
from config.revisions import Revisions
from config.settings import ANY_ADDRESS, HostPort, Settings, SettingsError, is_encrypted

SHIPPED = Path(config.__file__).resolve().parent / "center"
PROJECT = SHIPPED.parent.parent
_FULL = (*map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)), "disk is full")
LEAST_ROOM = 20  # megabytes without which nothing that happens could be kept


@dataclass(frozen=True, slots=True)
class Here:
    """The settings, the state directory and the center's folder of this run."""

    settings: Settings
    instance: Instance
    center: Path

    @property
    def foreign(self) -> ForeignAsterisk | None:
        """The Asterisk to use that we did not start, when one is named."""
        return self.settings.asterisk


def fail(message: str) -> NoReturn:
    """Ends the command with a message on stderr and exit status 1."""
    print(message, file=sys.stderr)
    raise SystemExit(1)


@contextmanager
def told() -> Iterator[None]:
    """Faults of the environment and of the center are told in their own words, never as a traceback."""
    try:
        yield
    except ConfigErrors as errors:
        count = len(errors.errors)
        fail(f"{errors}\n\n{count} fault{'s' if count != 1 else ''} in the center.")
    except (SettingsError, HomeError) as error:
        fail(str(error))
    except PermissionError as error:
        fail(f"{error.filename}: {error.strerror}. Run as the user who runs Throughline, or set THROUGHLINE_HOME.")
    except (OSError, sqlite3.Error) as error:
        fail(_of_the_disk(error))


def _of_the_disk(error: OSError | sqlite3.Error) -> str:
    """What a disk refused; an error that gathers those of many files speaks by its first."""
    place, reason = getattr(error, "filename", None), getattr(error, "strerror", None) or str(error)
    if isinstance(error, shutil.Error):
        _, place, reason = error.args[0][0]
    place = place or "the state directory"
    if any(words in reason for words in _FULL):
        return f"The disk of {place} is full. Make room, or set THROUGHLINE_HOME to a folder on another disk."
    return f"{place} cannot be used: {reason}. Mend that, or set THROUGHLINE_HOME to a folder that can be written."


def here() -> Here:
    """Where we are; makes nothing."""
    settings = Settings.read()
    home = settings.home or state_home(PROJECT)
    return Here(settings, Instance(home), settings.center_in(home))


def prepare(report: Callable[[str], None]) -> Here:
    """Where we are, with the state directory made."""
    place = here()
    if place.settings.home is None and (moved := why_moved(PROJECT, place.instance.home)):
        report(moved)
    place.instance.home.mkdir(parents=True, exist_ok=True)
    place.instance.log.parent.mkdir(exist_ok=True)
    if (free := shutil.disk_usage(place.instance.home).free // 1_000_000) < LEAST_ROOM:
        fail(f"Only {free} MB are free on the disk of {place.instance.home}, and calls must be recorded. Make room.")
    return place


def first_center(place: Here, report: Callable[[str], None]) -> None:
    """At the first run, copies the shipped center to where it is edited: whole, or not at all."""
    if place.settings.center is not None or place.center.exists():
        return
    unfinished = place.center.with_name(f".{place.center.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(SHIPPED, unfinished, ignore=shutil.ignore_patterns("*.md"))
    unfinished.rename(place.center)
    report(f"The center that ships was copied for you to {place.center}")


class Ownership:
    """The state directory as one run holds it."""

    def __init__(self, place: Here) -> None:
        self._place, self._lock = place, place.instance.lock.open("a")
        self.held = self._take()

    @property
    def other(self) -> int | None:
        """The process that holds it instead of us."""
        return None if self.held else runner(self._place)

    def take_over(self, within: float) -> bool:
        """Ends the run that holds it, and holds it from then on; blocking, in seconds. False when that does not end."""
        if (pid := self.other) is not None:
            end_run(pid, within)
        self.held = self._take()
        return self.held

    def close(self) -> None:
        """Lets go."""
        self._lock.close()

    def _take(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()}\n")
        self._lock.flush()
        return True


@contextmanager
def alone(place: Here, take_over: bool = False) -> Iterator[Ownership]:
    """Holds the state directory: a second run on it is refused, with the first one's process id, unless it is to take
    over."""
    ownership = Ownership(place)
    try:
        if not ownership.held and not take_over:
            fail(
                f"Throughline already runs on {place.instance.home}, process {ownership.other}.\n"
                "`throughline run --take-over` takes its place; calls notice nothing."
            )
        yield ownership
    finally:
        ownership.close()


def runner(place: Here) -> int | None:
    """The process that holds the state directory. Who was noted before may be gone, and the number another's."""
    try:
        with place.instance.lock.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        noted = place.instance.lock.read_text().strip()
        return int(noted) if noted else None
    except FileNotFoundError:
        pass
    return None


def end_run(pid: int, within: float) -> bool:
    """Tells a `throughline run` to end, and waits so many seconds for it; blocking. False when it does not end."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        with suppress(ProcessLookupError):  # it may be ending already
            signal.pidfd_send_signal(process, signal.SIGTERM)
        poll = select.poll()
        poll.register(process, select.POLLIN)
        return bool(poll.poll(within * 1000))
    finally:
        os.close(process)


def url(place: Here) -> str:
    """Where browsers find us, without a slash at its end."""
    if place.settings.public_url:
        return place.settings.public_url
    http = place.settings.http
    host = own_address() if http.host in ANY_ADDRESS else http.host
    return f"http{'s' * is_encrypted(place.settings)}://{HostPort(host, http.port)}"


def revisions(place: Here) -> Revisions:
    """The center as it was each time it was applied."""
    return Revisions(place.instance.revisions)


def running_center(place: Here) -> Path:
    """The folder of the revision that runs, or the one being edited when none has run yet."""
    return revisions(place).current or place.center
