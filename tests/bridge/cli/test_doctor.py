"""`throughline doctor` prints what it found for a person or for a program; its exit status counts what is wrong."""

import json
from pathlib import Path

import pytest

from bridge.cli import doctor as command
from bridge.doctor.examination import Examination
from bridge.doctor.finding import Area
from tests.bridge.cli.conftest import Throughline

AREA = Area("machine")


@pytest.fixture
def found(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Examination]:
    """What an examination finds; the test puts it here."""
    results: list[Examination] = []
    monkeypatch.setattr(command, "examine", lambda *_: results[0])
    return results


def test_warnings_are_no_failure(throughline: Throughline, found: list[Examination]) -> None:
    found.append(Examination((AREA.ok("a", "fine"), AREA.warning("b", "so so", "Look."))))
    done = throughline("doctor")
    assert done.exit_code == 0
    assert done.stdout.endswith("\nNothing wrong, 1 warning.\n")
    assert "  ! warning b: so so\n            Look.\n" in done.stdout


def test_something_wrong_is(throughline: Throughline, found: list[Examination]) -> None:
    found.append(Examination((AREA.wrong("a", "broken", "Mend it."),)))
    done = throughline("doctor")
    assert done.exit_code == 1
    assert done.stdout.endswith("\n1 wrong, no warnings.\n")


def test_a_program_reads_json(throughline: Throughline, found: list[Examination]) -> None:
    found.append(Examination((AREA.wrong("a", "broken", "Mend it."), AREA.ok("b", "fine"))))
    done = throughline("doctor", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["wrong"], told["warnings"]) == (1, 0)
    first = {"area": "machine", "what": "a", "verdict": "wrong", "found": "broken", "remedy": "Mend it."}
    assert told["findings"][0] == first


def test_every_wrong_setting_is_a_finding(throughline: Throughline) -> None:
    done = throughline(
        "doctor", "--json", THROUGHLINE_SIP="x", THROUGHLINE_RTP="y", THROUGHLINE_ASTERISK="http://a:b@c"
    )
    told = json.loads(done.stdout)
    assert (done.exit_code, told["wrong"]) == (1, 3)
    assert {each["area"] for each in told["findings"]} == {"settings"}


def test_the_help_has_an_example(throughline: Throughline) -> None:
    assert "Example: throughline doctor --network" in throughline("doctor", "--help").stdout
