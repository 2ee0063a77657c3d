"""The running controller, by its own word."""

from collections.abc import Iterator
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient

AREA: Final = Area("controller")


def answers(patient: Patient) -> Iterator[Finding]:
    """Whether it is there, and answers in time."""
    if patient.runner is None:
        return
    if patient.status:
        yield AREA.ok("answers", f"revision {patient.status.revision} runs")
    else:
        remedy = f"It is started again by itself; {patient.place.instance.log} tells why it ended or hangs."
        yield AREA.wrong("answers", f"no: {patient.asked}", remedy)


def connected(patient: Patient) -> Iterator[Finding]:
    """Whether Asterisk is in its hands: our application is registered there, and registrations are followed."""
    if (status := patient.status) is None:
        return
    for name, there in (("application in Asterisk", status.ari), ("registrations", status.ami)):
        if there:
            yield AREA.ok(name, "connected")
        else:
            remedy = f"It tries again every two seconds; {patient.place.instance.log} tells why it fails."
            yield AREA.wrong(name, "not connected", remedy)


def queues(patient: Patient) -> Iterator[Finding]:
    """How many wait."""
    if patient.status:
        waiting = patient.status.waiting
        yield AREA.ok("queues", ", ".join(f"{count} wait in {name}" for name, count in waiting.items()) or "none")


def record(patient: Patient) -> Iterator[Finding]:
    """Whether what happens reaches the disk."""
    if (status := patient.status) is None:
        return
    if status.hindered:
        found = f"{status.unwritten} facts wait in memory since {status.hindered}: {status.hindrance}"
        home = patient.place.instance.home
        remedy = (
            f"Make room on the disk of {home} soon, and end no controller before: what waits is written by itself. "
            "Asterisk too cannot note there which phones register."
        )
        yield AREA.wrong("record", found, remedy)
    else:
        yield AREA.ok("record", "all facts are on disk")


def failures(patient: Patient) -> Iterator[Finding]:
    """Tasks that ended by a fault of ours since its start."""
    if (status := patient.status) is None:
        return
    if status.failures:
        found = ", ".join(f"{count} of {owner}" for owner, count in status.failures.items())
        log = patient.place.instance.log
        yield AREA.warning("failures", f"tasks failed: {found}", f"Each is in {log} as `task_failed`: it is our fault.")
    else:
        yield AREA.ok("failures", "none since its start")


CHECKS: Final = (answers, connected, queues, record, failures)
