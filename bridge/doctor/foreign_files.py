"""What an Asterisk that we did not start has in its files: our dialplan, room for accounts, bridges, tones, music.

Each lack comes with the very lines to add. Where only trying tells, something is made and removed again at once.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.foreign import NOBODY, foreign_doors
from bridge.doctor.patient import Patient
from bridge.doctor.wanted import Steps, lines, steps, steps_shown, wanted
from bridge.pbx import Doors
from config.rendering import APP
from telephony.asterisk.errors import AsteriskError, NotFound, Refused
from telephony.asterisk.inquiry import AmiInquiry, ask_ari

AREA: Final = Area("foreign")
CONTEXTS: Final = ("callers", "agents", "guard", "quality")
BRIDGES: Final = ("simple_bridge", "softmix", "holding_bridge")
_AUTH: Final = f"asterisk/config/dynamic/res_pjsip/auth/{NOBODY}"
_ORDER: Final = "[global]\ntype = global\nendpoint_identifier_order = username,ip"
_OUR_MARK: Final = re.compile(r"[0-9a-f]{16}")


def dialplan(patient: Patient) -> Iterator[Finding]:
    """Whether calls come to us by way of the guard, which keeps callers while no controller is there."""
    if (doors := foreign_doors(patient)) is None or (files := wanted(patient)) is None:
        return
    shown = {context: _context(doors, context) for context in CONTEXTS}
    differ = [context for context in CONTEXTS if shown[context] != steps(files["extensions.conf"], context)]
    remedy = f"Put into its extensions.conf, then `dialplan reload`:\n{lines(patient, 'extensions.conf', *differ)}"
    if not _leads_to_us(shown["guard"]):
        yield AREA.wrong("dialplan", "has no context `guard` that leads to us", remedy)
    elif differ:
        yield AREA.warning("dialplan", f"is not as we need it in {', '.join(differ)}", remedy)
    else:
        yield AREA.ok("dialplan", "the guard and all numbers are as they should be")


def _leads_to_us(guard: Steps) -> bool:
    return any(app == "Stasis" and data.startswith(f"{APP},inbound,") for way in guard.values() for app, data in way)


def accounts(patient: Patient) -> Iterator[Finding]:
    """Whether agents' accounts can be kept there: tried with one that belongs to nobody."""
    if (doors := foreign_doors(patient)) is None:
        return
    remedy = f"Put into its sorcery.conf, and start it anew:\n{lines(patient, 'sorcery.conf')}"
    fields = {"auth_type": "userpass", "username": NOBODY, "password": NOBODY}
    body = {"fields": [{"attribute": name, "value": value} for name, value in fields.items()]}
    try:
        ask_ari(doors.ari, "PUT", _AUTH, body)
    except AsteriskError as error:
        yield AREA.wrong("accounts", f"cannot be made: {error}", remedy)
        return
    if _in_astdb(doors):
        yield AREA.ok("accounts", "can be made, and outlive a restart")
    else:
        yield AREA.wrong("accounts", "can be made, but are not kept in astdb", remedy)
    ask_ari(doors.ari, "DELETE", _AUTH)


def _in_astdb(doors: Doors) -> bool:
    try:
        with AmiInquiry(doors.ami) as asterisk:
            return bool(asterisk.ask("DBGet", Family="ps_auths/auth", Key=NOBODY))
    except AsteriskError:
        return False


def endpoints(patient: Patient) -> Iterator[Finding]:
    """Whether its own endpoints and our agents' are in each other's way."""
    if (doors := foreign_doors(patient)) is None or patient.center is None:
        return
    for name in (each["resource"] for each in ask_ari(doors.ari, "GET", "endpoints/PJSIP")):
        code = _account_code(doors, name)
        if _OUR_MARK.fullmatch(code):
            continue
        if name in patient.center.agents:
            yield AREA.wrong("endpoints", f"it has an endpoint {name} of its own", f"Rename it, or our agent {name}.")
        elif code:
            remedy = "Take its `accountcode` away: by that we know the endpoints that we made, and may remove."
            yield AREA.wrong("endpoints", f"its endpoint {name} has an account code", remedy)


def order(patient: Patient) -> Iterator[Finding]:
    """Whether a phone is known by its login before its address is looked at: it may share that with a trunk."""
    if (doors := foreign_doors(patient)) is None:
        return
    sections = _config(doors, "pjsip.conf").values()
    written = next((each for each in sections if each.get("type") == "global"), {})
    kinds = [kind.strip() for kind in written.get("endpoint_identifier_order", "ip,username,anonymous").split(",")]
    if "username" in kinds and "ip" not in kinds[: kinds.index("username")]:
        yield AREA.ok("login before address", ",".join(kinds))
    else:
        remedy = "Put into its pjsip.conf, into the section that you may have, then `module reload res_pjsip.so`:"
        found = f"{','.join(kinds)}: phones at a trunk's address cannot register"
        yield AREA.warning("login before address", found, f"{remedy}\n{_ORDER}")


def bridges(patient: Patient) -> Iterator[Finding]:
    """Whether callers can wait and talk."""
    if (doors := foreign_doors(patient)) is None:
        return
    with AmiInquiry(doors.ami) as asterisk:
        shown = asterisk.ask("BridgeTechnologyList")
    able = {each["BridgeTechnology"] for each in shown if each.get("BridgeSuspended") == "No"}
    if missing := [name for name in BRIDGES if name not in able]:
        remedy = "Load the modules that are missing, above; `bridge technology show` tells what there is."
        yield AREA.wrong("bridges", f"there is no {', '.join(missing)}", remedy)
    else:
        yield AREA.ok("bridges", "for waiting and for talking")


def tones(patient: Patient) -> Iterator[Finding]:
    """Whether a waiting caller hears ring tone while an agent's phone rings."""
    if (doors := foreign_doors(patient)) is None:
        return
    config = _config(doors, "indications.conf")
    country = config.get("general", {}).get("country", "us")
    if "ring" in config.get(country, {}):
        yield AREA.ok("ring tone", f"of the country {country}")
    else:
        remedy = f"Put into its indications.conf, then `core reload`:\n{lines(patient, 'indications.conf')}"
        yield AREA.warning("ring tone", "there is none: callers hear silence while a phone rings", remedy)


def music(patient: Patient) -> Iterator[Finding]:
    """Whether it has the music that queues name."""
    if (doors := foreign_doors(patient)) is None or patient.center is None:
        return
    known = _config(doors, "musiconhold.conf")
    named = sorted({queue.music for queue in patient.center.queues.values()})
    if missing := [name for name in named if name not in known]:
        remedy = f"Put into its musiconhold.conf, then `moh reload`:\n{lines(patient, 'musiconhold.conf', *missing)}"
        yield AREA.warning("music", f"it has no {', '.join(missing)}: callers wait in silence", remedy)
    else:
        yield AREA.ok("music", ", ".join(named))


def _context(doors: Doors, name: str) -> Steps:
    with AmiInquiry(doors.ami) as asterisk:
        try:
            return steps_shown(asterisk.ask("ShowDialPlan", Context=name))
        except Refused as error:
            return _absent(error)


def _config(doors: Doors, file: str) -> dict[str, dict[str, str]]:
    """A configuration file as Asterisk reads it, by section and name; empty when it has none."""
    with AmiInquiry(doors.ami) as asterisk:
        try:
            (answer,) = asterisk.ask("GetConfig", Filename=file)
        except Refused as error:
            return _absent(error)
    names = {key.removeprefix("Category-"): name for key, name in answer.items() if key.startswith("Category-")}
    found: dict[str, dict[str, str]] = {name: {} for name in names.values()}
    for key, line in answer.items():
        if key.startswith("Line-"):
            field, _, value = line.partition("=")
            found[names[key.split("-")[1]]][field] = value
    return found


def _absent(error: Refused) -> dict[str, Any]:
    """What is not there is empty; what we may not see raises."""
    if "ermission" in str(error):
        raise error
    return {}


def _account_code(doors: Doors, endpoint: str) -> str:
    try:
        shown: list[dict[str, Any]] = ask_ari(
            doors.ari, "GET", f"asterisk/config/dynamic/res_pjsip/endpoint/{endpoint}"
        )
    except NotFound:
        return ""
    return next((str(each["value"]) for each in shown if each["attribute"] == "accountcode"), "")


CHECKS: Final = (dialplan, accounts, endpoints, order, bridges, tones, music)
