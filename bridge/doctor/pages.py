"""The pages and the API: whether their port is ours, or free for us."""

from collections.abc import Iterator
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from bridge.listeners import holders, inodes, obstacle, whose

AREA: Final = Area("pages")
REMEDY: Final = "End that program, or set THROUGHLINE_HTTP to another address or port of this machine."


def port(patient: Patient) -> Iterator[Finding]:
    """Held by a process of ours while the controller runs, and by nobody while it does not. Calls need no page."""
    where = patient.place.settings.http
    what = f"HTTP, TCP {where}"
    if patient.status is None:
        reason = obstacle("tcp", where.host, where.port)
        yield AREA.warning(what, reason, REMEDY) if reason else AREA.ok(what, "is free")
        return
    by, own = holders("tcp", where.host, where.port), inodes(patient.status.process)
    if own and not any(each.inode in own for each in by):
        found = f"is taken by {whose(by)}" if by else "is not listened to, though the controller runs"
        yield AREA.wrong(what, found, f"{REMEDY} {patient.place.instance.log} tells more.")
    else:
        yield AREA.ok(what, "is held by our controller")


CHECKS: Final = (port,)
"""What `throughline doctor` looks at here."""
