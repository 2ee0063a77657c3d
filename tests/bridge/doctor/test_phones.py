"""Whose phone is registered is told, with what she does; nobody's is a warning."""

from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.doctor.phones import registered
from bridge.status import AgentStatus, Status
from tests.bridge.doctor.conftest import knows


def status(**agents: AgentStatus) -> Status:
    return Status("abc", True, True, {}, agents, 0, 0, 0, {})


def test_some_are_registered(patient: Patient) -> None:
    agents = {
        "ana": AgentStatus("available", True),
        "bruno": AgentStatus("available", True, "wrap_up"),
        "carla": AgentStatus("away", False),
    }
    (found,) = registered(knows(patient, asked=status(**agents)))
    assert found.verdict is Verdict.OK
    assert found.found == "2 of 3: ana (available), bruno (wrap-up); not registered: carla"


def test_none_is_registered(patient: Patient) -> None:
    (found,) = registered(knows(patient, asked=status(ana=AgentStatus("available", False))))
    assert found.verdict is Verdict.WARNING
    assert "throughline sip ana" in found.remedy


def test_where_nobody_runs_nothing_is_said(patient: Patient) -> None:
    assert list(registered(patient)) == []
