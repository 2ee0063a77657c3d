"""throughline stop: lets calls end, then ends the controller and its Asterisk."""

from typing import Annotated, Final

import typer
from rich.console import Console

from bridge.cli._place import Here, end_run, fail, here, runner, told
from telephony.asterisk.apt import InstallError
from telephony.asterisk.draining import drain, resume
from telephony.asterisk.install import already_here
from telephony.asterisk.process import AsteriskProcess, NotAnswering
from telephony.clock import SystemClock

PARENT_WITHIN: Final = 20.0


def stop(
    grace: Annotated[float, typer.Option(help="Seconds that calls which are up may still go on.")] = 10.0,
) -> None:
    """Stop everything: no new calls, those that are up or wait get a while, then Asterisk and the controller end.
    Ctrl-C meanwhile: nothing is stopped.

    Example: throughline stop --grace 60
    """
    console = Console(highlight=False)
    with told():
        place = here()
        stopped_pbx = _stop_asterisk(place, grace, console)
        stopped_run = _stop_parent(place)
    console.print("Stopped." if stopped_pbx or stopped_run else f"Nothing runs on {place.instance.home}.")


def _stop_asterisk(place: Here, grace: float, console: Console) -> bool:
    """Asterisk first, while the controller still serves the calls that are up."""
    if (process := _asterisk(place)) is None:
        _ends_on_purpose(place)
        return False
    running = process.pid() is not None
    cut_off = _drained(process, grace, console) if running else 0
    _ends_on_purpose(place)
    process.stop()
    if cut_off:
        console.print(f"{_calls(cut_off)} cut off.".replace(" is ", " was ").replace(" are ", " were "))
    return running


def _ends_on_purpose(place: Here) -> None:
    if place.instance.home.exists():
        place.instance.stopping.touch()


def _asterisk(place: Here) -> AsteriskProcess | None:
    if not (place.instance.asterisk / "run/asterisk.pid").exists():
        return None
    try:
        program = already_here(place.instance.software)
    except InstallError as error:
        fail(str(error))
    if program is None:
        fail(
            f"Asterisk's program is gone from {place.instance.software}: what runs can only be ended by its process id."
        )
    return AsteriskProcess(program, place.instance.asterisk)


def _drained(process: AsteriskProcess, grace: float, console: Console) -> int:
    """How many calls are left in the end; one that does not answer any more has none that could be saved."""

    def tell(up: int, seconds: float) -> None:
        words = f"{_calls(up)} still up, for {seconds:g} s at most; new ones are refused. Ctrl-C stops nothing."
        console.print(words, soft_wrap=True)

    try:
        return drain(process, grace, SystemClock().now, tell)
    except NotAnswering as error:
        console.print(str(error))
        return 0
    except KeyboardInterrupt:
        resume(process)
        console.print("Nothing is stopped: calls that are up go on, and new ones are taken again.")
        raise typer.Exit(130) from None


def _calls(count: int) -> str:
    return "1 call is" if count == 1 else f"{count} calls are"


def _stop_parent(place: Here) -> bool:
    """Ends the `throughline run` that holds the state directory; tells whether there was one."""
    if (pid := runner(place)) is None:
        return False
    if not end_run(pid, PARENT_WITHIN):
        fail(f"Process {pid} was told to end, and still runs after {PARENT_WITHIN:g} s.")
    return True
