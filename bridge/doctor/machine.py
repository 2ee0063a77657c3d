"""The machine: its Python, its release, its clock."""

import platform
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from telephony.clock import SystemClock

AREA: Final = Area("machine")
TRIED_ON: Final = ("debian", "12")
CLOCKS_DIFFER: Final = timedelta(seconds=5)


def python(_: Patient) -> Iterator[Finding]:
    """Which Python runs us; an older one than we need does not even begin."""
    yield AREA.ok("Python", f"{platform.python_version()}, {platform.machine()}")


def release(_: Patient) -> Iterator[Finding]:
    """Whether this is the system that Throughline is tried on."""
    try:
        known = platform.freedesktop_os_release()
    except OSError:
        known = {}
    name = known.get("PRETTY_NAME", "an unknown system")
    if (known.get("ID"), known.get("VERSION_ID")) == TRIED_ON:
        yield AREA.ok("system", name)
    else:
        yield AREA.warning("system", name, "Throughline is tried on Debian 12; look here first when something is odd.")


def clock(patient: Patient) -> Iterator[Finding]:
    """Whether time has passed since the last thing that happened: a clock that was set back breaks every report."""
    now = SystemClock().now()
    if patient.newest is None:
        yield AREA.ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, nothing recorded to compare with")
        return
    last = datetime.fromisoformat(patient.newest[1])
    if last - now > CLOCKS_DIFFER:
        remedy = "Set this machine's clock, best by NTP (systemd-timesyncd): calls are recorded with its time."
        yield AREA.wrong("clock", f"{now:%F %T} UTC is before the last recorded fact, {last:%F %T} UTC", remedy)
    else:
        yield AREA.ok("clock", f"{now:%F %T} UTC, the last fact was at {last:%F %T}")


CHECKS: Final = (python, release, clock)
