"""The controller by its own word: there, connected, with its queues and its faults."""

from msgspec.structs import replace

from bridge.doctor import controller
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.status import Status
from tests.bridge.doctor.conftest import knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


def status(ari: bool = True, ami: bool = True, failures: dict[str, int] | None = None) -> Status:
    return Status("abc", ari, ami, {"sales": 2, "support": 0}, {}, 1, 1, 0, failures or {})


def test_where_nobody_runs_nothing_is_said(patient: Patient) -> None:
    assert not [finding for check in controller.CHECKS for finding in check(patient)]


def test_one_that_is_well(patient: Patient) -> None:
    known = knows(patient, runner=1, asked=status())
    assert {verdict for check in controller.CHECKS for _, verdict in verdicts(iter(check(known)))} == {OK}
    (found,) = controller.queues(known)
    assert found.found == "2 wait in sales, 0 wait in support"


def test_one_that_does_not_answer(patient: Patient) -> None:
    (found,) = controller.answers(knows(patient, runner=1, asked="timed out"))
    assert (found.verdict, found.found) == (WRONG, "no: timed out")


def test_one_that_has_lost_asterisk(patient: Patient) -> None:
    found = verdicts(controller.connected(knows(patient, asked=status(ari=False, ami=False))))
    assert [verdict for _, verdict in found] == [WRONG, WRONG]


def test_facts_that_the_disk_does_not_take_are_told_with_their_number_and_since_when(patient: Patient) -> None:
    full = replace(status(), unwritten=7, hindered="2026-01-05T09:00:00+00:00", hindrance="database or disk is full")
    (found,) = controller.record(knows(patient, asked=full))
    assert found.verdict is WRONG
    assert found.found == "7 facts wait in memory since 2026-01-05T09:00:00+00:00: database or disk is full"


def test_failed_tasks_are_counted(patient: Patient) -> None:
    (found,) = controller.failures(knows(patient, asked=status(failures={"calls": 3})))
    assert (found.verdict, found.found) == (WARNING, "tasks failed: 3 of calls")
