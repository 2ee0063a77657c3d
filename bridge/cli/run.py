"""throughline run: installs what is missing, starts or adopts Asterisk, and keeps a controller running."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape

from bridge.center import read_center
from bridge.cli._findings import show
from bridge.cli._place import Here, Ownership, alone, fail, first_center, prepare, revisions, told, url
from bridge.control import NotRunning, ask
from bridge.doctor.examination import FOREIGN, examine
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.listeners import obstacle
from bridge.pbx import bring_up
from bridge.store.engine import open_store
from bridge.store.schema import StoreTooNew, refuse_newer
from bridge.supervisor import Supervisor
from config.errors import ConfigErrors
from config.loader import Center
from config.reach import on_this_machine, reach
from config.secrets import master_key
from telephony.asterisk.apt import InstallError
from telephony.asterisk.process import AsteriskProcess, NotAnswering, StartFailed

INVITED_WITHIN: Final = 10.0
GONE_WITHIN: Final = 20.0
console = Console(highlight=False, emoji=False)


def run(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Take the place of a run that is there, as after an update.")
    ] = False,
) -> None:
    """Run Throughline until Ctrl-C; calls survive that, `throughline stop` ends all.

    Example: throughline run
    """
    console.quiet = quiet
    with told():
        place = prepare(_report)
        with alone(place, take_over) as ownership:
            place.instance.stopping.unlink(missing_ok=True)
            first_center(place, _report)
            center = _applied(place)
            _look_at_store(place)
            asterisk = _asterisk(place, center)
            _look_at_pages(place)
            supervisor = Supervisor(
                asterisk, place.instance.stopping, _report, lambda: _opened(place, center, ownership)
            )
            opened = asyncio.run(supervisor.run())
            _farewell(asterisk)
    raise typer.Exit(0 if opened else 1)


def _opened(place: Here, center: Center, ownership: Ownership) -> None:
    """Whoever ran before us has no controller any more, and ends."""
    if not ownership.held and not ownership.take_over(GONE_WITHIN):
        _report(f"The run before this one, process {ownership.other}, does not end; its controller has")
    _welcome(place, center)


def _report(line: str) -> None:
    console.print(f"[dim]-[/dim] {escape(line)}", soft_wrap=True)


def _applied(place: Here) -> Center:
    """Applies the center's files; faulty ones are told, and the revision that ran last goes on."""
    kept = revisions(place)
    try:
        center = read_center(place.center).center
    except ConfigErrors as errors:
        if (last := kept.current) is None:
            raise
        _report(f"{errors}\nThe center's files are not applied: revision {last.name} goes on.")
        return read_center(last).center
    copy = kept.keep(center)
    kept.make_current(center.revision)
    return read_center(copy).center


def _look_at_store(place: Here) -> None:
    """A store that is away keeps nobody from calling; one that a newer program made must be seen to first."""
    open_store(place.settings.database, place.instance.store)
    try:
        refuse_newer(place.settings.database, place.instance.store)
    except StoreTooNew as error:
        fail(str(error))


def _asterisk(place: Here, center: Center) -> AsteriskProcess | None:
    """Ours, or None when somebody else's is to be used."""
    if place.foreign:
        _look_at_foreign(place)
        return None
    try:
        return bring_up(place.settings, place.instance, center, _report)
    except (InstallError, StartFailed, NotAnswering) as error:
        fail(str(error))


def _look_at_foreign(place: Here) -> None:
    """Somebody else's Asterisk is used as it is; what it lacks is told, and keeps us from it when calls would fail."""
    master_key(place.instance.key)
    found = examine(Patient(place), FOREIGN)
    if found.count(Verdict.WRONG):
        show(Console(highlight=False, emoji=False, stderr=True), found.findings)
        fail("\nThe Asterisk of THROUGHLINE_ASTERISK cannot be used as it is: mend what is wrong above, and run again.")
    lacks = found.count(Verdict.WARNING)
    _report(f"The Asterisk of THROUGHLINE_ASTERISK is used{'; `throughline doctor` tells what it lacks' * bool(lacks)}")


def _look_at_pages(place: Here) -> None:
    """A port that is taken keeps nobody from calling; the pages come as soon as it is free."""
    http = place.settings.http
    if reason := obstacle("tcp", http.host, http.port):
        _report(f"The pages wait: TCP {http} {reason}. End that program, or set THROUGHLINE_HTTP to another port")


def _farewell(asterisk: AsteriskProcess | None) -> None:
    if asterisk is None:
        console.print("Stopped. Calls that are up go on in Asterisk.")
    elif asterisk.pid() is None:
        console.print("Stopped.")
    else:
        console.print("Stopped. Calls that are up go on in Asterisk; `throughline stop` ends it too.")


def _welcome(place: Here, center: Center) -> None:
    first, numbers = next(iter(center.numbers), "NUMBER"), ", ".join(center.numbers)
    agent, agents = next(iter(center.agents), "NAME"), ", ".join(center.agents)
    command = _as_typed()
    console.print(f"\n[bold]{escape(center.name)}[/bold] is open.")
    for what, how in (
        ("call", f"sip:{first}@{on_this_machine(place.settings.sip)}   (numbers: {numbers})"),
        *_from_elsewhere(place, center),
        ("an agent's phone", f"{command} sip {agent}   (agents: {agents})"),
        ("no phone at hand", f"{command} phone --agent {agent} --auto-answer"),
        ("  and to call", f"{command} phone --call {first}"),
        ("pages", url(place)),
        *_invitation(place),
        ("a call's story", f"{command} why"),
        ("the center's files", f"{place.center}   ({command} apply)"),
    ):
        console.print(f"  {what:<20}{escape(how)}", soft_wrap=True)
    console.print(f"Ctrl-C stops the controller and leaves calls up; [bold]{escape(command)} stop[/bold] ends all.\n")


def _invitation(place: Here) -> Iterator[tuple[str, str]]:
    """The one-time link, as long as there is no administrator."""
    try:
        answer = ask(place.instance.control, "invite", INVITED_WITHIN)
    except (NotRunning, TimeoutError):
        return
    if answer.result:
        yield (
            "  first of all",
            f"{url(place)}/welcome#{answer.result}   (become the administrator; works once, for a day)",
        )


def _as_typed() -> str:
    """The command's name as it works where we are: in a checkout it is not on the path."""
    typed = sys.argv[0]
    return typed if typed.endswith("/throughline") and not shutil.which("throughline") else "throughline"


def _from_elsewhere(place: Here, center: Center) -> Iterator[tuple[str, str]]:
    """How other machines reach an open center."""
    where = reach(place.settings, center.network, center.nat)
    if where.network == "open":
        secure = f", by TLS {where.secure_domain}" if where.secure else ""
        yield "agents elsewhere", f"{where.domain}{secure}"
        yield (
            "callers elsewhere",
            f"through the trunks: {', '.join(center.trunks) or 'none; see trunks: in center.yaml'}",
        )
