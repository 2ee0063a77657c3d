"""Every port is ours while Asterisk runs, and free while it does not; whoever else has it is named."""

import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from bridge.doctor import ports
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.listeners import Listener
from config.instance import free_ports
from tests.bridge.doctor.conftest import Look, at, knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


@pytest.fixture
def held() -> Iterator[int]:
    """A port that this test holds by UDP and TCP."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(tcp.getsockname())
        yield tcp.getsockname()[1]


def test_free_ports_of_an_asterisk_that_does_not_run(patient: Patient) -> None:
    (port,) = free_ports(1)
    assert [verdict for _, verdict in verdicts(ports.taken(knows(patient, reach=at("127.0.0.1", port))))] == [OK, OK]


def test_taken_ports_name_who_has_them(patient: Patient, held: int) -> None:
    for found in ports.taken(knows(patient, reach=at("127.0.0.1", held))):
        assert found.verdict is WRONG
        assert f"(process {os.getpid()})" in found.found
        assert "THROUGHLINE_SIP" in found.remedy


def test_ports_held_by_the_asterisk_that_runs(patient: Patient, held: int) -> None:
    ours = knows(patient, reach=at("127.0.0.1", held), pid=os.getpid())
    assert [found.found for found in ports.taken(ours)] == ["is held by our Asterisk"] * 2


def test_ports_held_by_another_while_asterisk_runs(
    patient: Patient, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "inodes", lambda _: {1})
    others = knows(patient, reach=at("127.0.0.1", held), pid=os.getpid())
    assert [found.verdict for found in ports.taken(others)] == [WRONG, WRONG]


def test_a_port_that_asterisk_should_hold_and_does_not(patient: Patient) -> None:
    (port,) = free_ports(1)
    deaf = knows(patient, reach=at("127.0.0.1", port), pid=os.getpid())
    assert ["is not listened to" in found.found for found in ports.taken(deaf)] == [True, True]


def test_the_usual_range_is_enough_for_sound(patient: Patient) -> None:
    assert verdicts(ports.sound(patient)) == [("sound", OK)]


def test_a_narrow_range_is_a_warning(look: Look) -> None:
    (found,) = ports.sound(look(rtp="29000-29038"))
    assert found.verdict is WARNING
    assert "sound for 9 calls" in found.found


def test_a_range_that_is_all_taken_is_wrong(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = [Listener("udp", ip_address("0.0.0.0"), port, 0, 0) for port in range(29000, 29020)]
    monkeypatch.setattr(ports, "listeners", lambda _: busy)
    assert verdicts(ports.sound(look(rtp="29000-29019"))) == [("sound", WRONG)]


def test_a_foreign_asterisks_ports_are_its_own_affair(look: Look) -> None:
    patient = look(asterisk="http://a:b@h,ami://a:b@h")
    assert [*ports.taken(patient), *ports.sound(patient)] == []
