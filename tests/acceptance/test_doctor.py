"""`throughline doctor` on a real center: well, in each state of its life, and with something broken on purpose."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.secrets import master_key
from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.process import AsteriskProcess
from tests.acceptance.conftest import Phones, Throughline, make

Findings = dict[tuple[str, str], dict[str, Any]]


def examined(center: Throughline, *options: str) -> Findings:
    """What it finds, by area and thing, with an exit status that counts."""
    done = center.command("doctor", "--json", *options)
    told = json.loads(done.stdout)
    assert done.returncode == (1 if told["wrong"] else 0)
    assert done.stderr == ""
    return {(each["area"], each["what"]): each for each in told["findings"]}


def wrong(findings: Findings) -> set[tuple[str, str]]:
    return {which for which, each in findings.items() if each["verdict"] == "wrong"}


@pytest.fixture
def own(server_path: Path, asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """A center of the test's own, to be broken; not started yet."""
    center = make(server_path, asterisk_program)
    yield center
    if (center.home / "asterisk").exists():
        center.stop()


def until(true: Callable[[], bool], within: float = 20.0) -> None:
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


async def test_a_center_that_is_well(throughline: Throughline, phones: Phones) -> None:
    await phones.agent("carla")
    found = examined(throughline, "--network")
    assert wrong(found) == set()
    assert found[("connections", "SIP")]["found"].endswith("answers OPTIONS by UDP: 200 OK")
    assert "carla (" in found[("phones", "registered")]["found"]
    assert found[("controller", "application in Asterisk")]["verdict"] == "ok"
    assert found[("asterisk", "configuration")]["verdict"] == "ok"
    assert {"machine", "state", "asterisk", "connections", "ports", "controller", "center", "store", "network"} <= {
        area for area, _ in found
    }


def test_a_person_reads_words_and_no_secret(throughline: Throughline) -> None:
    shown = throughline.command("doctor", "--network").stdout
    key = master_key(throughline.home / "master.key")
    assert "✓ ok" in shown
    assert not any(key.derive(purpose) in shown for purpose in ("ari", "ami", "sip:ana:1"))
    assert (throughline.home / "master.key").read_text() not in shown


def test_one_that_never_ran_is_no_failure_and_stays_untouched(own: Throughline) -> None:
    before = sorted(own.home.rglob("*"))
    found = examined(own, "--network")
    assert wrong(found) == set()
    assert found[("state", "run")]["verdict"] == "warning"
    assert sorted(own.home.rglob("*")) == before


def test_a_life(own: Throughline, asterisk_program: AsteriskProgram) -> None:
    own.run()
    assert wrong(examined(own)) == set()

    edited = own.home / "center/center.yaml"
    edited.write_text(edited.read_text() + "# edited\n")
    drift = examined(own)[("center", "applied")]
    assert (drift["verdict"], drift["remedy"]) == ("warning", "`throughline apply`.")
    assert own.command("apply").returncode == 0
    assert examined(own)[("center", "applied")]["verdict"] == "ok"

    asterisk = AsteriskProcess(asterisk_program, own.home / "asterisk")
    asterisk.cli("module unload res_security_log.so")
    assert ("asterisk", "modules") in wrong(examined(own))
    asterisk.cli("module load res_security_log.so")
    assert wrong(examined(own)) == set()

    http = own.home / "asterisk/etc/http.conf"
    http.write_text(http.read_text() + "; touched\n")
    assert "http.conf" in examined(own)[("asterisk", "configuration")]["found"]

    own.stop()
    found = examined(own)
    assert wrong(found) == set()
    assert found[("state", "run")]["verdict"] == "warning"
    assert found[("ports", f"SIP, UDP {own.sip}")]["found"] == "is free"


def test_a_controller_that_hangs_and_an_asterisk_without_one(own: Throughline) -> None:
    own.run()
    assert own.process
    both = (own.process.pid, own.controller)  # whoever watches it would kill it
    for process in both:
        os.kill(process, signal.SIGSTOP)
    try:
        until(lambda: {("controller", "answers"), ("connections", "heartbeat")} <= wrong(examined(own)))
    finally:
        for process in both:
            os.kill(process, signal.SIGCONT)
    until(lambda: not wrong(examined(own)))

    own.process.send_signal(signal.SIGINT)
    own.process.communicate(timeout=30)
    alone = examined(own)
    assert wrong(alone) == {("asterisk", "control")}
    assert "nobody in control" in alone[("asterisk", "control")]["found"]


def test_an_asterisk_that_hangs_holds_nothing_up(own: Throughline, asterisk_program: AsteriskProgram) -> None:
    own.run()
    pid = AsteriskProcess(asterisk_program, own.home / "asterisk").pid()
    assert pid
    os.kill(pid, signal.SIGSTOP)
    try:
        found = wrong(examined(own))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert {("asterisk", "process"), ("connections", "ARI"), ("connections", "AMI"), ("connections", "SIP")} <= found


def test_a_clock_that_was_set_back_and_a_store_that_is_gone(own: Throughline) -> None:
    own.run()
    own.stop()
    with sqlite3.connect(own.home / "journal.sqlite") as journal:
        journal.execute(
            "INSERT INTO facts (sequence, at, type, interaction_id, body) SELECT coalesce(max(sequence), 0) + 1,"
            " '2999-01-01T00:00:00.000+00:00', 'CenterApplied', '', '{}' FROM facts"
        )
    journal.close()
    (own.home / "throughline.sqlite").unlink()
    assert wrong(examined(own)) == {("machine", "clock"), ("store", "database")}
