"""The lines that a foreign Asterisk is told to take are ours, complete, and without a secret."""

from pathlib import Path

import pytest

from bridge.doctor.patient import Patient
from bridge.doctor.wanted import PASSWORD, lines, section, steps, steps_shown, wanted
from config.secrets import master_key
from tests.bridge.doctor.conftest import Look

TEXT = """\
; a comment
[general]
one = 1

[guard]
; another
exten => _X.,1,Set(A=(1))
 same => n(try),Stasis(throughline,inbound,${EXTEN})
exten => 7,1,Hangup()

[last]
two = 2
"""


@pytest.fixture
def patient(look: Look, center: Path) -> Patient:
    """One that uses a foreign Asterisk, and has its state."""
    patient = look(asterisk="http://ann:sesame@127.0.0.1:9088,ami://bob:sesame@127.0.0.1:9038")
    master_key(patient.place.instance.key)
    return patient


def test_a_section_ends_at_the_next_and_has_no_comments() -> None:
    assert section(TEXT, "general") == "[general]\none = 1"
    assert section(TEXT, "last") == "[last]\ntwo = 2"
    assert section(TEXT, "absent") == ""


def test_steps_are_applications_with_their_data() -> None:
    expected = {"_X.": [("Set", "A=(1)"), ("Stasis", "throughline,inbound,${EXTEN}")], "7": [("Hangup", "")]}
    assert steps(TEXT, "guard") == expected
    assert steps(TEXT, "absent") == {}
    shown = [
        {"Response": "Success"},
        {"Extension": "_X.", "Application": "Set", "AppData": "A=(1)"},
        {"Extension": "_X.", "Application": "Stasis", "AppData": "throughline,inbound,${EXTEN}"},
        {"Extension": "7", "Application": "Hangup"},
    ]
    assert steps_shown(shown) == expected


def test_the_lines_are_those_of_our_own_asterisk_for_their_users_and_ports(patient: Patient) -> None:
    files = wanted(patient)
    assert files
    assert "[ann]" in lines(patient, "ari.conf")
    assert f"secret = {PASSWORD}" in lines(patient, "manager.conf", "bob")
    assert "port = 9038" in files["manager.conf"]
    assert "bindport = 9088" in files["http.conf"]
    assert "endpoint = astdb,ps_endpoints" in lines(patient, "sorcery.conf")
    assert steps(files["extensions.conf"], "guard")
    assert not any("sesame" in text for text in files.values())
    assert not any(
        master_key(patient.place.instance.key).derive(door) in "".join(files.values()) for door in ("ari", "ami")
    )


def test_a_prompt_goes_by_the_revision_that_runs(patient: Patient, center: Path) -> None:
    files = wanted(patient)
    assert files
    assert str(center) not in files["extensions.conf"]
    assert f"Playback({patient.place.instance.revisions}/current/prompts/" in files["extensions.conf"]


def test_before_there_is_a_state_there_are_no_lines(look: Look) -> None:
    patient = look(asterisk="http://a:b@h,ami://a:b@h")
    assert wanted(patient) is None
    assert "`throughline run`" in lines(patient, "ari.conf")
