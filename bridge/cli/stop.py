"""throughline stop: ends the controller and its Asterisk."""

import os
import select
import signal
from contextlib import suppress
from typing import Annotated, Final

import typer
from rich.console import Console

from bridge.cli._place import Here, fail, here, runner, told
from telephony.asterisk.apt import InstallError
from telephony.asterisk.install import already_here
from telephony.asterisk.process import AsteriskProcess

PARENT_WITHIN: Final = 20.0


def stop(
    grace: Annotated[float, typer.Option(help="Seconds that calls which are up may still go on.")] = 10.0,
) -> None:
    """Stop everything: no new calls, those that are up get a while, then Asterisk and the controller end.

    Example: throughline stop --grace 60
    """
    console = Console(highlight=False)
    with told():
        place = here()
        if place.instance.home.exists():
            place.instance.stopping.touch()
        stopped_pbx = _stop_asterisk(place, grace)
        stopped_run = _stop_parent(place)
    console.print("Stopped." if stopped_pbx or stopped_run else f"Nothing runs on {place.instance.home}.")


def _stop_asterisk(place: Here, grace: float) -> bool:
    """Asterisk first, while the controller still serves the calls that are up."""
    if not (place.instance.asterisk / "run/asterisk.pid").exists():
        return False
    try:
        program = already_here(place.instance.software)
    except InstallError as error:
        fail(str(error))
    if program is None:
        fail(
            f"Asterisk's program is gone from {place.instance.software}: what runs can only be ended by its process id."
        )
    process = AsteriskProcess(program, place.instance.asterisk)
    running = process.pid() is not None
    process.stop(grace)
    return running


def _stop_parent(place: Here) -> bool:
    """Ends the `throughline run` that holds the state directory; tells whether there was one."""
    if (pid := runner(place)) is None:
        return False
    with suppress(ProcessLookupError):
        process = os.pidfd_open(pid)
        signal.pidfd_send_signal(process, signal.SIGTERM)  # it may be ending already: Asterisk was stopped on purpose
        if not _ended(process):
            fail(f"Process {pid} was told to end, and still runs after {PARENT_WITHIN:g} s.")
    return True


def _ended(process: int) -> bool:
    poll = select.poll()
    poll.register(process, select.POLLIN)
    try:
        return bool(poll.poll(PARENT_WITHIN * 1000))
    finally:
        os.close(process)
