"""Ports: ours, free, or taken by somebody else, who is named where this machine tells."""

from collections.abc import Iterator
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from bridge.listeners import Listener, Protocol, holders, inodes, listeners, obstacle, whose
from bridge.pbx import CHOOSE_SIP, sip_addresses
from config.settings import HostPort

AREA: Final = Area("ports")
PORTS_PER_CALL: Final = 4
ENOUGH: Final = 100
SHARE: Final = 0.8


def wanted(patient: Patient) -> Iterator[tuple[str, Protocol, HostPort, str]]:
    """What is taken and called what, and how another is chosen."""
    if where := patient.reach:
        for name, protocol, address in sip_addresses(where):
            yield name, protocol, address, CHOOSE_SIP
    if patient.doors and patient.doors.ours:
        inside = "End that program; when Asterisk does not run, `throughline run` chooses another port."
        yield "ARI", "tcp", HostPort(patient.doors.ari.host, patient.doors.ari.port), inside
        yield "AMI", "tcp", HostPort(patient.doors.ami.host, patient.doors.ami.port), inside


def taken(patient: Patient) -> Iterator[Finding]:
    """Each port is held by our Asterisk while it runs, and by nobody while it does not."""
    if patient.place.foreign:
        return
    for name, protocol, where, remedy in wanted(patient):
        what = f"{name}, {protocol.upper()} {where}"
        if patient.pid is None:
            reason = obstacle(protocol, where.host, where.port)
            yield AREA.wrong(what, reason, remedy) if reason else AREA.ok(what, "is free")
        else:
            yield _held(what, holders(protocol, where.host, where.port), patient.pid, remedy)


def _held(what: str, by: list[Listener], pid: int, remedy: str) -> Finding:
    if not by:
        return AREA.wrong(what, "is not listened to, though Asterisk runs", f"Start Asterisk anew. {remedy}")
    own = inodes(pid)
    if own and not any(each.inode in own for each in by):
        return AREA.wrong(what, f"is taken by {whose(by)}", remedy)
    return AREA.ok(what, "is held by our Asterisk")


def sound(patient: Patient) -> Iterator[Finding]:
    """Whether enough ports are free for sound: two for each side of a call."""
    if patient.place.foreign:
        return
    rtp, own = patient.place.settings.rtp, inodes(patient.pid) if patient.pid else set()
    count = rtp.high - rtp.low + 1
    others = {each.port for each in listeners("udp") if rtp.low <= each.port <= rtp.high and each.inode not in own}
    free = count - len(others)
    found = f"{free} of the UDP ports {rtp} are free: sound for {free // PORTS_PER_CALL} calls"
    remedy = "Set THROUGHLINE_RTP to a wider range that nobody else uses."
    if free < PORTS_PER_CALL:
        yield AREA.wrong("sound", found, remedy)
    elif free < ENOUGH or free < count * SHARE:
        yield AREA.warning("sound", found, remedy)
    else:
        yield AREA.ok("sound", found)


CHECKS: Final = (taken, sound)
