"""throughline run: installs what is missing, starts or adopts Asterisk, and keeps a controller running."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer
from typing import Annotated, Final

import typer
from rich.console import Console

from bridge.cli._place import Here, fail, prepare, read_center, told
from bridge.lifecycle import FENCED, READY
from bridge.pbx import bring_up
from config.loader import Center
from telephony.asterisk.apt import InstallError
from telephony.asterisk.process import NotAnswering, StartFailed

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 10.0
CONTROLLER_WITHIN: Final = 10.0

console = Console(highlight=False)


def run(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
) -> None:
    """Run Throughline until Ctrl-C; calls survive that, `throughline stop` ends all.

    Example: throughline run
    """
    console.quiet = quiet
    with told():
        place = prepare(_report)
        with _alone(place):
            center, _ = read_center(place.center)
            _start_asterisk(place, center)
            sys.exit(_Parent(place, center).supervise())


def _report(line: str) -> None:
    console.print(f"[dim]-[/dim] {line}")


@contextmanager
def _alone(place: Here) -> Iterator[None]:
    """Holds the state directory: a second run on it is refused, with the first one's process id."""
    with place.instance.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            fail(f"Throughline already runs on {place.instance.home}, process {lock.read().strip()}.")
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _start_asterisk(place: Here, center: Center) -> None:
    try:
        bring_up(place.settings, place.instance, center, _report)
    except (InstallError, StartFailed, NotAnswering) as error:
        fail(str(error))


class _Parent:
    """Keeps one controller alive: one that ends by itself is started again, after a pause that grows."""

    def __init__(self, place: Here, center: Center) -> None:
        self._place, self._center = place, center
        self._stopping = Event()
        self._child: subprocess.Popen[str] | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def supervise(self) -> int:
        """Until told to stop; returns the exit status."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            status, was_ready = self._run_once()
            if self._stopping.is_set() or status == FENCED:
                break
            pause = FIRST_PAUSE if was_ready else min(pause * 2, LONGEST_PAUSE)
            console.print(
                f"[red]The controller ended with status {status}; again in {pause:g} s.[/red] "
                f"Its log: {self._place.instance.log}"
            )
            self._stopping.wait(pause)
        console.print("Stopped. Calls that are up go on in Asterisk; `throughline stop` ends it too.")
        return 0

    def _run_once(self) -> tuple[int, bool]:
        """One life of a controller: its exit status, and whether it got ready.

        It has a session of its own, so that a Ctrl-C reaches it only through us, once."""
        self._child = subprocess.Popen(
            (sys.executable, "-m", "bridge.controller"), stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        was_ready = False
        for line in self._child.stdout or ():
            if line.strip() == READY:
                was_ready = True
                self._welcome()
        return self._child.wait(), was_ready

    def _stop(self, *_: object) -> None:
        self._stopping.set()
        if self._child and self._child.poll() is None:
            self._child.terminate()
            last_resort = Timer(CONTROLLER_WITHIN, self._child.kill)
            last_resort.daemon = True
            last_resort.start()

    def _welcome(self) -> None:
        address, numbers = self._place.settings.sip, ", ".join(self._center.numbers)
        agents = list(self._center.agents)
        console.print(f"\n[bold]{self._center.name}[/bold] is open.")
        console.print(
            f"  call        [bold]sip:{next(iter(self._center.numbers), '')}@{address}[/bold]  (numbers: {numbers})"
        )
        console.print(
            f"  an agent's phone   throughline sip {agents[0] if agents else 'NAME'}   (agents: {', '.join(agents)})"
        )
        console.print(
            "  no phone at hand   throughline phone --agent ana --auto-answer, and throughline phone --call 1000"
        )
        console.print("  a call's story     throughline why")
        console.print(f"  the center's files {self._place.center}")
        console.print("Ctrl-C stops the controller and leaves calls up; [bold]throughline stop[/bold] ends all.\n")
