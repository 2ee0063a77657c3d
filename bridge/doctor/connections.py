"""The doors between phones, Asterisk and the controller: each asked one question."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.options import NoSip, ask_options
from bridge.doctor.patient import Patient
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.heartbeat import BEAT
from telephony.asterisk.inquiry import AmiInquiry, ask_ari
from telephony.clock import epoch

AREA: Final = Area("connections")
FRESH: Final = 4
LOG: Final = "Its log tells more; `throughline stop` and `throughline run` start it anew."


def ari(patient: Patient) -> Iterator[Finding]:
    """Asterisk's REST interface, by which calls are controlled, and our application there."""
    if not _lives(patient) or patient.doors is None:
        return
    door = patient.doors.ari
    where = f"{door.host}:{door.port}"
    try:
        ask_ari(door, "GET", "asterisk/info")
        yield AREA.ok("ARI", f"{where} answers")
    except AsteriskError as error:
        yield AREA.wrong("ARI", f"{where}: {error}", LOG)


def ami(patient: Patient) -> Iterator[Finding]:
    """Asterisk's manager interface, by which registrations are followed."""
    if not _lives(patient) or patient.doors is None:
        return
    door = patient.doors.ami
    where = f"{door.host}:{door.port}"
    try:
        with AmiInquiry(door) as asterisk:
            asterisk.ask("Ping")
        yield AREA.ok("AMI", f"{where} answers")
    except AsteriskError as error:
        yield AREA.wrong("AMI", f"{where}: {error}", LOG)


def heartbeat(patient: Patient) -> Iterator[Finding]:
    """The controller's beat in Asterisk: without it the dialplan holds callers back with music."""
    if not _lives(patient) or patient.doors is None or patient.runner is None:
        return
    try:
        beat = ask_ari(patient.doors.ari, "GET", f"asterisk/variable?variable={BEAT}")
    except AsteriskError:
        return  # the door itself is looked at above
    age = epoch() - int(beat["value"] or 0)
    if abs(age) <= FRESH:
        yield AREA.ok("heartbeat", f"{age} s old")
    else:
        found = f"{age} s old: callers wait with music" if beat["value"] else "there is none: callers wait with music"
        remedy = f"The controller does not reach Asterisk; {patient.place.instance.log} tells why."
        yield AREA.wrong("heartbeat", found, remedy)


def sip(patient: Patient) -> Iterator[Finding]:
    """Where phones register and callers arrive."""
    if not _lives(patient) or patient.reach is None:
        return
    where = patient.reach.here
    if not ip_address(where.host).is_loopback:
        yield AREA.ok("SIP", f"{where} is not on loopback and is not asked; see the ports")
        return
    try:
        yield AREA.ok("SIP", f"{where} answers OPTIONS by UDP: {ask_options(where.host, where.port)}")
    except NoSip as error:
        remedy = "The ports below tell who holds it; is THROUGHLINE_SIP here what it is for the run?"
        yield AREA.wrong("SIP", f"{where} {error}", remedy)


def _lives(patient: Patient) -> bool:
    """Whether there is an Asterisk to ask; that there should be one is told elsewhere."""
    return patient.place.foreign is not None or patient.pid is not None


CHECKS: Final = (ari, ami, heartbeat, sip)
