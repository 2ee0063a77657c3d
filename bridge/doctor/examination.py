"""All checks at once, each in a thread of its own: one that hangs or breaks is a finding, and holds up no other."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from threading import Thread
from typing import Final

from bridge.doctor import (
    asterisk,
    center,
    connections,
    controller,
    foreign,
    foreign_files,
    machine,
    network,
    pages,
    phones,
    ports,
    state,
    store,
)
from bridge.doctor.finding import Area, Finding, Verdict
from bridge.doctor.patient import Patient
from config.settings import SettingsError
from telephony.asterisk.errors import AsteriskError

Check = Callable[[Patient], Iterable[Finding]]

WITHIN: Final = 3.0
FOREIGN: Final[Sequence[Check]] = (*foreign.CHECKS, *foreign_files.CHECKS)
ORDINARY: Final[Sequence[Check]] = (
    *machine.CHECKS,
    *state.CHECKS,
    *asterisk.CHECKS,
    *FOREIGN,
    *connections.CHECKS,
    *ports.CHECKS,
    *controller.CHECKS,
    *center.CHECKS,
    *store.CHECKS,
    *phones.CHECKS,
    *pages.CHECKS,
)
NETWORK: Final[Sequence[Check]] = network.CHECKS
OUTSIDE: Final[Sequence[Check]] = (machine.python, machine.release, state.directory, state.ownership)


@dataclass(frozen=True, slots=True)
class Examination:
    """`overdue` tells that some check is still at it, in a thread that the process must not wait for."""

    findings: tuple[Finding, ...]
    overdue: bool = False

    def count(self, verdict: Verdict) -> int:
        """How many findings are so."""
        return sum(finding.verdict is verdict for finding in self.findings)


def checks_for(patient: Patient, others: bool) -> Sequence[Check]:
    """What can be looked at; `others` counts those who would reach us by the network. A state directory that we may
    not enter is somebody else's, and then that is all there is to tell."""
    if not patient.open:
        return OUTSIDE
    return (*ORDINARY, *NETWORK) if others else ORDINARY


def examine(patient: Patient, checks: Sequence[Check], within: float = WITHIN) -> Examination:
    """The findings of all checks, in their order, after at most `within` seconds. Raises nothing."""
    running = [(check, _start(check, patient)) for check in checks]
    _, overdue = wait([result for _, result in running], within)
    findings = (finding for check, result in running for finding in _outcome(check, result, within))
    return Examination(tuple(findings), bool(overdue))


def _start(check: Check, patient: Patient) -> Future[list[Finding]]:
    """In a daemon thread: a pool would wait for its threads at the end of the process."""
    result: Future[list[Finding]] = Future()
    Thread(target=_fulfil, args=(check, patient, result), name=check.__name__, daemon=True).start()
    return result


def _fulfil(check: Check, patient: Patient, result: Future[list[Finding]]) -> None:
    try:
        result.set_result(list(check(patient)))
    except BaseException as error:
        result.set_exception(error)


def _outcome(check: Check, result: Future[list[Finding]], within: float) -> list[Finding]:
    if not result.done():
        remedy = "Something that it asks hangs; the other findings may tell what."
        return [_broken(check, f"gave no answer within {within:g} s", remedy)]
    match result.exception():
        case None:
            return result.result()
        case SettingsError() as error:
            return [_broken(check, str(error), "Correct that variable.")]
        case AsteriskError() as error:
            return [
                _broken(check, f"cannot be told: {error}", "Mend first what is wrong with Asterisk's users and doors.")
            ]
        case PermissionError() as error:
            return [_broken(check, f"{error.filename}: {error.strerror}", "Ask as the user who runs Throughline.")]
        case error:
            remedy = "If the other findings do not explain it, it is our fault."
            return [_broken(check, f"{type(error).__name__}: {error}", remedy)]


def _broken(check: Check, found: str, remedy: str) -> Finding:
    return Area(check.__module__.rpartition(".")[2]).wrong(check.__name__.replace("_", " "), found, remedy)
