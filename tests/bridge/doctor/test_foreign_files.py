"""What a foreign Asterisk lacks in its files is found by asking, and told with the lines to add."""

from pathlib import Path
from typing import Any

import pytest

from bridge.doctor import foreign_files as area
from bridge.doctor.finding import Verdict
from bridge.doctor.patient import Patient
from bridge.doctor.wanted import steps, wanted
from config.secrets import master_key
from telephony.asterisk.errors import Refused
from tests.bridge.doctor.answering import Answering
from tests.bridge.doctor.conftest import Look, knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG
AUTH = "asterisk/config/dynamic/res_pjsip/auth/throughline-doctor"
ENDPOINT = "GET asterisk/config/dynamic/res_pjsip/endpoint"


@pytest.fixture
def patient(look: Look, asterisk: Answering, center: Path) -> Patient:
    """One that uses the Asterisk that only answers, and has its state."""
    doors = f"http://ann:sesame@127.0.0.1:{asterisk.ari_port},ami://bob:sesame@127.0.0.1:{asterisk.ami_port}"
    patient = look(asterisk=doors)
    master_key(patient.place.instance.key)
    return patient


def test_a_dialplan_without_us(patient: Patient, asterisk: Answering) -> None:
    asterisk.ami["ShowDialPlan"] = "Response: Error\r\nMessage: Did not find context guard\r\n\r\n"
    (found,) = area.dialplan(patient)
    assert found.verdict is WRONG
    assert "Stasis(throughline,inbound,${EXTEN})" in found.remedy
    assert "[callers]" in found.remedy


def shown(patient: Patient, context: str) -> list[str]:
    """A context of ours, as Asterisk would show it."""
    files = wanted(patient)
    assert files
    ways = steps(files["extensions.conf"], context).items()
    return [f"Extension: {name}\r\nApplication: {app}\r\nAppData: {data}" for name, way in ways for app, data in way]


def test_a_dialplan_that_lacks_our_numbers(patient: Patient, asterisk: Answering) -> None:
    asterisk.says("ShowDialPlan", "EventList: start", *shown(patient, "guard"))
    (found,) = area.dialplan(patient)
    assert (found.verdict, found.found) == (WARNING, "is not as we need it in callers, agents, quality")
    assert "[guard]" not in found.remedy


def test_what_we_may_not_see_is_no_lack(patient: Patient) -> None:
    with pytest.raises(Refused, match="Permission denied"):
        list(area.dialplan(patient))


def test_accounts_are_tried_and_removed(patient: Patient, asterisk: Answering) -> None:
    asterisk.ari |= {f"PUT {AUTH}": (200, []), f"DELETE {AUTH}": (204, None)}
    asterisk.says("DBGet", "Message: Result will follow")
    assert verdicts(area.accounts(patient)) == [("accounts", OK)]
    assert asterisk.asked[-1] == f"DELETE {AUTH}"


def test_accounts_that_cannot_be_made_or_would_be_forgotten(patient: Patient, asterisk: Answering) -> None:
    asterisk.ari[f"PUT {AUTH}"] = (403, {"message": "no"})
    (found,) = area.accounts(patient)
    assert found.verdict is WRONG
    assert "auth = astdb,ps_auths" in found.remedy
    asterisk.ari |= {f"PUT {AUTH}": (200, []), f"DELETE {AUTH}": (204, None)}
    asterisk.ami["DBGet"] = "Response: Error\r\nMessage: Database entry not found\r\n\r\n"
    (found,) = area.accounts(patient)
    assert (found.verdict, found.found) == (WRONG, "can be made, but are not kept in astdb")


def endpoint(code: str) -> tuple[int, list[dict[str, Any]]]:
    return 200, [{"attribute": "context", "value": "x"}, {"attribute": "accountcode", "value": code}]


def test_endpoints_in_each_others_way(patient: Patient, asterisk: Answering) -> None:
    names = ["ana", "bruno", "doorbell", "carrier"]
    asterisk.ari["GET endpoints/PJSIP"] = (200, [{"technology": "PJSIP", "resource": name} for name in names])
    asterisk.ari |= {f"{ENDPOINT}/ana": endpoint(""), f"{ENDPOINT}/bruno": endpoint("0123456789abcdef")}
    asterisk.ari |= {f"{ENDPOINT}/doorbell": endpoint("house")}
    found = list(area.endpoints(patient))
    assert [each.found for each in found] == [
        "it has an endpoint ana of its own",
        "its endpoint doorbell has an account code",
    ]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Category-000000: global\r\nLine-000000-000000: type=global", WARNING),
        (
            "Category-000000: global\r\nLine-000000-000000: type=global\r\nLine-000000-000001: "
            "endpoint_identifier_order=ip,username",
            WARNING,
        ),
        (
            "Category-000000: global\r\nLine-000000-000000: type=global\r\nLine-000000-000001: "
            "endpoint_identifier_order=username, ip",
            OK,
        ),
    ],
)
def test_logins_before_addresses(patient: Patient, asterisk: Answering, line: str, verdict: Verdict) -> None:
    asterisk.says("GetConfig", line)
    assert verdicts(area.order(patient)) == [("login before address", verdict)]


def test_bridges(patient: Patient, asterisk: Answering) -> None:
    able = [f"BridgeTechnology: {name}\r\nBridgeSuspended: No" for name in area.BRIDGES]
    asterisk.says("BridgeTechnologyList", "EventList: start", *able)
    assert verdicts(area.bridges(patient)) == [("bridges", OK)]
    asterisk.says("BridgeTechnologyList", "EventList: start", *able[:2], able[2].replace("No", "Yes"))
    (found,) = area.bridges(patient)
    assert (found.verdict, found.found) == (WRONG, "there is no holding_bridge")


def test_ring_tone(patient: Patient, asterisk: Answering) -> None:
    general = "Category-000000: general\r\nLine-000000-000000: country=de"
    asterisk.says("GetConfig", general)
    (found,) = area.tones(patient)
    assert (found.verdict, "ring = 440+480" in found.remedy) == (WARNING, True)
    asterisk.says("GetConfig", f"{general}\r\nCategory-000001: de\r\nLine-000001-000000: ring=425/1000,0/4000")
    assert verdicts(area.tones(patient)) == [("ring tone", OK)]


def test_music(patient: Patient, asterisk: Answering) -> None:
    asterisk.ami["GetConfig"] = "Response: Error\r\nMessage: Config file not found\r\n\r\n"
    (found,) = area.music(patient)
    assert (found.verdict, "mode = files" in found.remedy) == (WARNING, True)
    asterisk.says("GetConfig", "Category-000000: default")
    assert verdicts(area.music(patient)) == [("music", OK)]


def test_our_own_asterisk_is_looked_at_elsewhere(look: Look) -> None:
    own = knows(look(), doors=None)
    assert not [finding for check in area.CHECKS for finding in check(own)]
