"""Our own Asterisk: installed whole, running, with all its modules, configured as the center says."""

import shutil
from collections.abc import Iterator
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from bridge.pbx import rendering
from config.rendering import MODULES
from telephony.asterisk.apt import KEYRING, InstallError
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.inquiry import ask_ari
from telephony.asterisk.install import AsteriskProgram, passed_over
from telephony.asterisk.mirror import debian_mirror
from telephony.asterisk.process import NotAnswering

AREA: Final = Area("asterisk")
TOOLS: Final = ("apt-get", "apt-config", "dpkg-deb")
BOOTED_WITHIN: Final = 2.0
RESTART: Final = "`throughline stop` and `throughline run` start it anew; the log in {log} may tell more."


def program(patient: Patient) -> Iterator[Finding]:
    """Whether it is installed; else, whether it could be."""
    if patient.place.foreign:
        return
    if reason := passed_over():
        yield AREA.ok("this machine's own", f"is not used: {reason}")
    into = patient.place.instance.software / "asterisk"
    try:
        found = patient.program
    except InstallError as error:
        yield AREA.wrong("program", error.what, error.remedy)
        return
    if found:
        yield AREA.ok("program", f"{found.version}, {found.command[-1]}")
        yield from _whole(found, patient)
    elif into.exists():
        yield AREA.wrong("program", f"{into} is not whole", f"Remove {into}; `throughline run` unpacks it anew.")
    else:
        yield from _obtainable()


def _whole(found: AsteriskProgram, patient: Patient) -> Iterator[Finding]:
    missing = [name for name in MODULES if not (found.modules / f"{name}.so").exists()]
    if missing:
        own = patient.place.instance.software / "asterisk"
        ours = f"Remove {own}; `throughline run` unpacks it anew."
        remedy = (
            ours if len(found.command) > 1 else f"Install them into {found.modules}: Debian has them in `asterisk`."
        )
        yield AREA.wrong("files", f"lacks the modules {', '.join(missing)}", remedy)


def _obtainable() -> Iterator[Finding]:
    what = "program"
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        remedy = "Install the packages apt and dpkg, or install Asterisk 22.10.1 or newer yourself: it is then used."
        yield AREA.wrong(what, f"is not installed, and this machine has no {' and no '.join(missing)}", remedy)
    elif not KEYRING.is_file():
        yield AREA.wrong(what, "is not installed, and Debian's keys are missing", "Install debian-archive-keyring.")
    elif (mirror := debian_mirror()) is None:
        remedy = "Add a Debian mirror to this machine's apt sources."
        yield AREA.wrong(what, "is not installed, and the apt sources name no Debian mirror", remedy)
    else:
        remedy = "`throughline run` fetches it, about 100 MB, into a folder of its own."
        yield AREA.warning(what, f"is not installed yet; {mirror} is where it will come from", remedy)


def process(patient: Patient) -> Iterator[Finding]:
    """Whether it runs, and has come up."""
    if patient.pbx is None or patient.place.foreign:
        return
    remedy = RESTART.format(log=patient.place.instance.asterisk / "log")
    if patient.pid is None:
        if patient.runner:
            yield AREA.wrong("process", "does not run, though Throughline does", remedy)
        return
    if patient.runner is None:
        yield AREA.wrong(
            "control", f"process {patient.pid} runs with nobody in control: new callers wait", "`throughline run`."
        )
    try:
        patient.pbx.wait_booted(BOOTED_WITHIN)
        yield AREA.ok("process", f"{patient.pid}, fully booted")
    except NotAnswering as error:
        yield AREA.wrong("process", f"{patient.pid}: {error}", remedy)


def modules(patient: Patient) -> Iterator[Finding]:
    """Whether it has loaded all that we ask of it."""
    if patient.pid is None or patient.doors is None or patient.place.foreign:
        return
    try:
        missing = missing_modules(ask_ari(patient.doors.ari, "GET", "asterisk/modules"))
    except AsteriskError:
        return  # the door itself is looked at elsewhere
    if missing:
        remedy = RESTART.format(log=patient.place.instance.asterisk / "log")
        yield AREA.wrong("modules", f"{', '.join(missing)} did not load", remedy)
    else:
        yield AREA.ok("modules", f"all {len(MODULES)} run")


def missing_modules(shown: list[dict[str, str]]) -> list[str]:
    """Which of those that we need do not run, from what Asterisk shows."""
    running = {each["name"].removesuffix(".so") for each in shown if each["status"] == "Running"}
    return [name for name in MODULES if name not in running]


def configuration(patient: Patient) -> Iterator[Finding]:
    """Whether its files say what would be rendered now, with these settings and this center."""
    place, etc = patient.place, patient.place.instance.asterisk / "etc"
    if place.foreign or not etc.exists() or not (patient.program and patient.center and patient.doors):
        return
    files = rendering(place.settings, place.instance, patient.center, patient.program).files()
    differ = [name for name, text in files.items() if not (etc / name).exists() or (etc / name).read_text() != text]
    if differ:
        remedy = (
            "Are the THROUGHLINE_ variables here those of the run? Else `throughline run` writes the files anew; "
            "new addresses, ports and certificates take effect after `throughline stop`."
        )
        yield AREA.warning("configuration", f"differs from what would be rendered now: {', '.join(differ)}", remedy)
    else:
        yield AREA.ok("configuration", f"{len(files)} files as the center and the settings say")


CHECKS: Final = (program, process, modules, configuration)
