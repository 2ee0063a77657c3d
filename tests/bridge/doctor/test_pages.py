"""The port of the pages is ours while the controller runs, and free while it does not."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bridge.doctor import pages
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.status import Status
from config.instance import free_ports
from config.settings import HostPort
from tests.bridge.doctor.conftest import knows


def on(patient: Patient, port: int, controller: int | None = None) -> Patient:
    """With its pages on a port, and a controller of this process id."""
    settings = patient.place.settings.model_copy(update={"http": HostPort("127.0.0.1", port)})
    status = Status("r", True, True, {}, {}, 0, 0, 0, {}, controller) if controller else "it does not run"
    return knows(Patient(replace(patient.place, settings=settings)), asked=status)


@pytest.fixture
def held() -> Iterator[int]:
    """A port that this test holds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_of_a_controller_that_does_not_run(patient: Patient) -> None:
    (found,) = pages.port(on(patient, free_ports(1)[0]))
    assert (found.verdict, found.found) == (Verdict.OK, "is free")


def test_a_taken_port_names_who_has_it_and_keeps_nobody_from_calling(patient: Patient, held: int) -> None:
    (found,) = pages.port(on(patient, held))
    assert (found.verdict, f"(process {os.getpid()})" in found.found) == (Verdict.WARNING, True)
    assert "THROUGHLINE_HTTP" in found.remedy


def test_the_controller_that_runs_holds_it_or_does_not(patient: Patient, held: int) -> None:
    (ours,) = pages.port(on(patient, held, os.getpid()))
    assert ours.found == "is held by our controller"
    (deaf,) = pages.port(on(patient, free_ports(1)[0], os.getpid()))
    assert (deaf.verdict, deaf.found) == (Verdict.WRONG, "is not listened to, though the controller runs")
