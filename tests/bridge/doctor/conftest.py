"""A patient with nothing yet, whose circumstances a test chooses; and an Asterisk that only answers questions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.cli._place import here
from bridge.doctor.finding import Finding, Verdict
from bridge.doctor.patient import Patient
from bridge.pbx import Doors
from config.reach import Reach, reach
from config.schema import Nat, Network
from config.settings import HostPort, Settings
from telephony.asterisk.ami import AmiAddress
from telephony.asterisk.ari import AriAddress
from tests.bridge.doctor.answering import Answering
from tests.config.conftest import copy_shipped

VARIABLES = ("HOME", "CENTER", "HTTP", "SIP", "RTP", "TLS", "DATABASE", "ASTERISK")
Look = Callable[..., Patient]


@pytest.fixture
def look(server_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """look(sip="..."): a patient in `server_path`/home, with these settings."""
    (server_path / "home").mkdir()
    for name in VARIABLES:
        monkeypatch.delenv(f"THROUGHLINE_{name}", raising=False)

    def make(**settings: str) -> Patient:
        for name, value in ({"home": str(server_path / "home")} | settings).items():
            monkeypatch.setenv(f"THROUGHLINE_{name.upper()}", value)
        return Patient(here())

    return make


@pytest.fixture
def patient(look: Look) -> Patient:
    """One that has never run."""
    return look()


@pytest.fixture
def center(look: Look) -> Path:
    """The shipped center, where the patient has its own."""
    return copy_shipped(look().place.center)


@pytest.fixture
def asterisk() -> Iterator[Answering]:
    """ARI and AMI of an Asterisk that answers what a test tells it to."""
    with Answering() as answering:
        yield answering


def doors_of(asterisk: Answering, ours: bool = True) -> Doors:
    """Where it is asked."""
    ari = AriAddress("127.0.0.1", asterisk.ari_port, "center", "secret", "throughline")
    return Doors(ari, AmiAddress("127.0.0.1", asterisk.ami_port, "center", "secret"), ours)


def at(host: str, port: int, network: Network = "loopback", nat: Nat | None = None) -> Reach:
    """Where SIP would be taken with these settings."""
    return reach(Settings(sip=HostPort(host, port)), network, nat)


def knows(patient: Patient, **answers: object) -> Patient:
    """The same, with answers that it need not ask for any more."""
    vars(patient).update(answers)
    return patient


def verdicts(findings: Iterator[Finding]) -> list[tuple[str, Verdict]]:
    """What was looked at, and how it is; whatever is not ok has a remedy."""
    found = list(findings)
    assert not [each for each in found if each.verdict is not Verdict.OK and not each.remedy]
    return [(each.what, each.verdict) for each in found]
