"""An Asterisk that we did not start (THROUGHLINE_ASTERISK): there, new enough, and willing to do what we ask."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from bridge.doctor.asterisk import missing_modules
from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from bridge.doctor.wanted import lines
from bridge.listeners import holders
from bridge.pbx import Doors
from config.home import Account
from telephony.asterisk.errors import AsteriskError, NotFound, Refused
from telephony.asterisk.inquiry import AmiInquiry, ask_ari
from telephony.asterisk.install import OLDEST, numbers

AREA: Final = Area("foreign")
NOBODY: Final = "throughline-doctor"
ACTIONS: Final = ("PJSIPShowContacts", "ShowDialPlan", "DBGet", "GetConfig", "BridgeTechnologyList")


def foreign_doors(patient: Patient) -> Doors | None:
    """Where it is asked; None when Asterisk is our own."""
    return patient.doors if patient.place.foreign else None


def version(patient: Patient) -> Iterator[Finding]:
    """Whether it is there, lets us in, and is new enough."""
    if (doors := foreign_doors(patient)) is None:
        return
    where = f"{doors.ari.host}:{doors.ari.port}"
    try:
        yield _judged(str(ask_ari(doors.ari, "GET", "asterisk/info")["system"]["version"]), where)
    except Refused as error:
        remedy = f"Let its ari.conf agree with THROUGHLINE_ASTERISK:\n{lines(patient, 'ari.conf')}"
        yield AREA.wrong("version", f"{where} does not let us in: {error}", remedy)
    except AsteriskError as error:
        remedy = "Start it, correct THROUGHLINE_ASTERISK, or switch ARI on in its http.conf and ari.conf:"
        yield AREA.wrong("version", f"cannot be told: {error}", f"{remedy}\n{lines(patient, 'ari.conf')}")


def _judged(found: str, where: str) -> Finding:
    oldest = ".".join(map(str, OLDEST))
    if (numbers(found) or (0, 0, 0)) < OLDEST:
        remedy = (
            f"Upgrade it to {oldest} or newer, or unset THROUGHLINE_ASTERISK: then we bring an Asterisk of our own."
        )
        return AREA.wrong("version", f"{found} at {where} is too old: {oldest} or newer is needed", remedy)
    return AREA.ok("version", f"{found} at {where}")


def rights(patient: Patient) -> Iterator[Finding]:
    """Whether our ARI user may act, and not only read: tried by ending a call that is not there."""
    if (doors := foreign_doors(patient)) is None:
        return
    try:
        ask_ari(doors.ari, "DELETE", f"channels/{NOBODY}")
    except NotFound:
        yield AREA.ok("ARI user", f"{doors.ari.username} may act")
    except AsteriskError as error:
        remedy = f"Let it act in ari.conf, then `module reload res_ari.so`:\n{lines(patient, 'ari.conf')}"
        yield AREA.wrong("ARI user", f"{doors.ari.username} may not act: {error}", remedy)


def manager(patient: Patient) -> Iterator[Finding]:
    """Whether our AMI user gets in, and may ask what we ask."""
    if (doors := foreign_doors(patient)) is None:
        return
    agree = "Let its manager.conf agree with THROUGHLINE_ASTERISK, then `manager reload`:"
    remedy = f"{agree}\n{lines(patient, 'manager.conf')}"
    try:
        with AmiInquiry(doors.ami) as asterisk:
            (known,) = asterisk.ask("ListCommands")
    except AsteriskError as error:
        yield AREA.wrong("AMI user", f"{doors.ami.host}:{doors.ami.port}: {error}", remedy)
        return
    if missing := [action for action in ACTIONS if action not in known]:
        yield AREA.wrong("AMI user", f"{doors.ami.username} may not ask {', '.join(missing)}", remedy)
    else:
        yield AREA.ok("AMI user", f"{doors.ami.username} may ask")


def modules(patient: Patient) -> Iterator[Finding]:
    """Whether all modules run that ours would load."""
    if (doors := foreign_doors(patient)) is None:
        return
    try:
        missing = missing_modules(ask_ari(doors.ari, "GET", "asterisk/modules"))
    except AsteriskError as error:
        yield AREA.wrong("modules", f"cannot be told: {error}", "See its version, above.")
        return
    if missing:
        loads = "\n".join(f"load = {name}.so" for name in missing)
        yield AREA.wrong(
            "modules", f"{', '.join(missing)} do not run", f"Add to its modules.conf, and start it anew:\n{loads}"
        )
    else:
        yield AREA.ok("modules", "all that are needed run")


def prompts(patient: Patient) -> Iterator[Finding]:
    """Whether it can read our prompts: it plays them by their paths."""
    if (doors := foreign_doors(patient)) is None or patient.center is None:
        return
    folder = patient.center.directory / "prompts"
    if (account := _account(doors)) is None:
        remedy = f"If it is on another machine, give it {folder} at the same path, such as by NFS."
        yield AREA.warning("prompts", "whether it can read them cannot be seen from here", remedy)
    elif account.uid == 0 or account.can_reach(folder):
        yield AREA.ok("prompts", f"its user {account.uid} can enter {folder}")
    else:
        remedy = "Set THROUGHLINE_HOME to a folder that everybody can enter."
        yield AREA.wrong("prompts", f"its user {account.uid} cannot enter {folder}", remedy)


def _account(doors: Doors) -> Account | None:
    """Who it runs as, when it listens on this machine. The kernel tells the user; of groups we count on none."""
    try:
        host = str(ip_address(doors.ari.host))
    except ValueError:
        return None
    found = holders("tcp", host, doors.ari.port) if ip_address(host).is_loopback else []
    return Account(found[0].uid, -1) if found else None


CHECKS: Final = (version, rights, manager, modules, prompts)
