"""A patient is looked at without being changed, and is asked everything once."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from bridge.control import ControlServer
from bridge.doctor.patient import Patient
from bridge.journal import Journal
from bridge.status import Status
from config.secrets import master_key
from telephony.clock import SystemClock
from telephony.events import CenterApplied
from tests.bridge.doctor.conftest import Look

STATUS = Status("abc", True, True, {"sales": 1}, {}, 7, 7, 0, {})


def test_one_that_never_ran_has_nothing_and_gets_nothing(patient: Patient) -> None:
    home = patient.place.instance.home
    assert (patient.runner, patient.pid, patient.doors, patient.newest, patient.center) == (None,) * 5
    assert (patient.status, patient.asked, patient.reach) == (None, "it does not run", None)
    assert list(home.iterdir()) == []


def test_a_state_directory_that_we_may_enter_is_open(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look().open
    assert look(home="/proc/not/there").open
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert not look().open


def test_the_doors_of_one_that_ran_are_those_it_had(patient: Patient) -> None:
    master_key(patient.place.instance.key)
    ports = patient.place.instance.ports()
    assert patient.doors
    assert (patient.doors.ari.port, patient.doors.ami.port, patient.doors.ours) == (ports.ari, ports.ami, True)


def test_the_doors_of_a_foreign_asterisk_need_no_state(look: Look) -> None:
    patient = look(asterisk="http://a:b@10.0.0.1,ami://c:d@10.0.0.2")
    assert patient.doors
    assert (patient.doors.ari.host, patient.doors.ami.host, patient.doors.ours) == ("10.0.0.1", "10.0.0.2", False)


def test_where_sip_is_taken_follows_the_center_unless_it_contradicts_the_settings(look: Look, center: Path) -> None:
    assert str(getattr(look().reach, "bind", "")) == "127.0.0.1:5060"
    assert look(sip="0.0.0.0:5060").reach is None


def test_a_faulty_center_is_none(patient: Patient, center: Path) -> None:
    (center / "center.yaml").write_text("name: [")
    assert patient.center is None


async def test_the_controller_is_asked_once(patient: Patient) -> None:
    asked = []

    async def status() -> Status:
        asked.append(threading.get_ident())
        return STATUS

    server = ControlServer(patient.place.instance.control, {"status": status})
    await server.start()
    try:
        found = await asyncio.gather(*(asyncio.to_thread(lambda: patient.status) for _ in range(3)))
    finally:
        await server.close()
    assert found == [STATUS] * 3
    assert len(asked) == 1


async def test_a_controller_that_knows_no_status_is_told_apart(patient: Patient) -> None:
    server = ControlServer(patient.place.instance.control, {})
    await server.start()
    try:
        assert "not a request" in str(await asyncio.to_thread(lambda: patient.asked))
    finally:
        await server.close()
    assert patient.status is None


async def test_the_newest_fact_has_a_number_and_a_time(patient: Patient) -> None:
    journal = Journal(patient.place.instance.journal, SystemClock())
    journal.publish(CenterApplied(was="a", now="b"))
    await journal.close()
    assert patient.newest
    number, at = patient.newest
    assert number == 1
    assert at.startswith("20")
