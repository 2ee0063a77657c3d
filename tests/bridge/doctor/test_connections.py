"""Each door is asked one question; a door of an Asterisk that does not run is asked nothing."""

import socket

import pytest

from bridge.doctor import connections
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from telephony.clock import epoch
from tests.bridge.doctor.answering import Answering
from tests.bridge.doctor.conftest import at, doors_of, knows, verdicts
from tests.bridge.doctor.test_options import phone

OK, WRONG = Verdict.OK, Verdict.WRONG


@pytest.fixture
def living(patient: Patient, asterisk: Answering) -> Patient:
    """One whose Asterisk answers, and whose controller runs."""
    asterisk.ari["GET asterisk/info"] = (200, {})
    return knows(patient, pid=1, runner=1, doors=doors_of(asterisk))


def test_an_asterisk_that_does_not_run_is_not_asked(patient: Patient, asterisk: Answering) -> None:
    quiet = knows(patient, doors=doors_of(asterisk))
    assert not [finding for check in connections.CHECKS for finding in check(quiet)]
    assert asterisk.asked == []


def test_doors_that_answer(living: Patient) -> None:
    assert verdicts(connections.ari(living)) == [("ARI", OK)]
    assert verdicts(connections.ami(living)) == [("AMI", OK)]


def test_doors_that_are_shut(living: Patient, asterisk: Answering) -> None:
    asterisk.ari["GET asterisk/info"] = (401, {"message": "Unauthorized"})
    assert verdicts(connections.ari(living)) == [("ARI", WRONG)]
    asterisk.ami["Login"] = "Response: Error\r\nMessage: Authentication failed\r\n\r\n"
    (found,) = connections.ami(living)
    assert found.verdict is WRONG
    assert "Authentication failed" in found.found
    assert "secret" not in found.found


@pytest.mark.parametrize(("age", "verdict"), [(0, OK), (3, OK), (60, WRONG), (-60, WRONG), (None, WRONG)])
def test_the_beat(living: Patient, asterisk: Answering, age: int | None, verdict: Verdict) -> None:
    beat = "" if age is None else str(epoch() - age)
    asterisk.ari["GET asterisk/variable?variable=THROUGHLINE_BEAT"] = (200, {"value": beat})
    assert verdicts(connections.heartbeat(living)) == [("heartbeat", verdict)]


def test_sip(living: Patient) -> None:
    with phone(b"SIP/2.0 200 OK\r\n\r\n") as (port, _):
        here = at("127.0.0.1", port)
        assert verdicts(connections.sip(knows(living, reach=here))) == [("SIP", OK)]
    assert verdicts(connections.sip(knows(living, reach=here))) == [("SIP", WRONG)]


def test_an_address_that_is_not_loopback_is_not_asked(living: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("something was sent"))
    here = at("192.0.2.1", 5060, "open")
    (found,) = connections.sip(knows(living, reach=here))
    assert "is not asked" in found.found
