"""What Asterisk is told about the network: where it listens, who needs no login, and what stays on this machine."""

import configparser
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.instance import Ports
from config.reach import Reach
from config.rendering import CERTIFICATE, TRANSPORTS, Login, Rendering, Unattended
from config.schema import Nat, Trunk, UnattendedSection
from config.settings import HostPort, PortRange
from config.timeouts import Part, options

LOOPBACK = Reach("loopback", HostPort("127.0.0.1", 5060), "127.0.0.1", secure=False, nat=None)
OPEN = Reach("open", HostPort("0.0.0.0", 5060), "192.0.2.10", secure=True, nat=None)
NAT = Nat.model_validate({"public_address": "203.0.113.7", "media_address": "203.0.113.8"})
CARRIER = Trunk.model_validate({"hosts": ["198.51.100.10", "198.51.100.32/28"], "codecs": ["alaw"]})
Sections = list[tuple[str, dict[str, list[str]]]]


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    return Rendering(
        directory=tmp_path,
        program=SimpleNamespace(modules=Path("/modules"), data=Path("/data")),
        node="one",
        ports=Ports(8088, 5038),
        reach=LOOPBACK,
        trunks={},
        certificate=None,
        rtp=PortRange(10000, 12000),
        ari=Login("throughline", "secret"),
        ami=Login("throughline", "secret"),
        language="en",
        numbers=("1000",),
        music={},
        unattended=Unattended(None),
    )


def sections(text: str) -> Sections:
    """Sections in their order, as Asterisk reads them: a name may come again."""
    found: Sections = []
    for line in (each.strip() for each in text.splitlines()):
        if line.startswith("["):
            found.append((line[1:-1], {}))
        elif "=" in line and not line.startswith(";"):
            name, _, value = line.partition("=")
            found[-1][1].setdefault(name.strip(), []).append(value.strip())
    return found


def of_type(rendering: Rendering, kind: str) -> dict[str, dict[str, list[str]]]:
    text = rendering.files()["pjsip.conf"] + rendering.files()[TRANSPORTS]
    return {name: values for name, values in sections(text) if values["type"] == [kind]}


def test_on_loopback_sip_and_sound_stay_there_without_tls(rendering: Rendering) -> None:
    transports, here = of_type(rendering, "transport"), ["127.0.0.1:5060"]
    assert {name: each["bind"] for name, each in transports.items()} == {"udp": here, "tcp": here}
    door = of_type(rendering, "endpoint")["loopback"]
    assert (door["media_address"], door["bind_rtp_to_media_address"]) == (["127.0.0.1"], ["yes"])
    assert CERTIFICATE not in rendering.files()


def test_an_open_center_takes_tls_of_at_least_1_2_on_the_next_port(rendering: Rendering) -> None:
    opened = replace(rendering, reach=OPEN, certificate="PEM")
    transports = of_type(opened, "transport")
    assert {name: each["bind"] for name, each in transports.items()} == {
        "udp": ["0.0.0.0:5060"],
        "tcp": ["0.0.0.0:5060"],
        "tls": ["0.0.0.0:5061"],
    }
    assert transports["tls"]["method"] == ["tlsv1_2"]
    assert opened.files()[CERTIFICATE] == "PEM"
    assert "media_address" not in of_type(opened, "endpoint")["loopback"]


def test_behind_nat_others_are_told_the_public_addresses(rendering: Rendering) -> None:
    for transport in of_type(replace(rendering, reach=replace(OPEN, nat=NAT)), "transport").values():
        assert transport["external_signaling_address"] == ["203.0.113.7"]
        assert transport["external_media_address"] == ["203.0.113.8"]
        assert transport["local_net"] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"]


def test_only_this_machine_and_the_trunks_need_no_login(rendering: Rendering) -> None:
    with_trunk = replace(rendering, reach=OPEN, trunks={"carrier": CARRIER})
    matches = {name: each["match"] for name, each in of_type(with_trunk, "identify").items()}
    assert matches == {"loopback": ["127.0.0.1/32"], "trunk.carrier": ["198.51.100.10/32", "198.51.100.32/28"]}
    endpoints = of_type(with_trunk, "endpoint")
    assert endpoints.keys() == matches.keys()
    assert endpoints["trunk.carrier"]["allow"] == ["alaw"]


def test_a_trunk_is_known_by_its_address_alone_and_has_the_limits_of_callers(rendering: Rendering) -> None:
    for endpoint in of_type(replace(rendering, trunks={"carrier": CARRIER}), "endpoint").values():
        assert endpoint["identify_by"] == ["ip"]
        assert endpoint["context"] == ["callers"]
        limits = {option: [value] for option, value in options(Part.DOOR).items()}
        assert endpoint | limits == endpoint


def guard(rendering: Rendering) -> list[str]:
    """The steps of the guard, without their beginnings."""
    _, _, rest = rendering.files()["extensions.conf"].partition("[guard]\n")
    return [line.partition(",")[2] for line in rest.partition("\n\n")[0].splitlines()]


def test_while_nobody_is_in_control_callers_hear_music_and_are_noted_when_they_are_turned_away(
    rendering: Rendering,
) -> None:
    steps = guard(replace(rendering, unattended=Unattended("/sorry", UnattendedSection(give_up_after=7))))
    assert "GotoIf($[${TRIES}<7]?try)" in steps
    assert [step.partition("(")[0] for step in steps[-4:]] == ["Set", "StopMusicOnHold", "Playback", "Hangup"]
    assert steps[-4].startswith("Set(DB(throughline/unserved/${UNIQUEID})=")
    assert "Dial(" not in "".join(steps)


def test_agents_phones_ring_before_that_where_an_administrator_says_so(rendering: Rendering) -> None:
    rule = UnattendedSection.model_validate({"ring": ["ana", "bruno"], "ring_for": "12 s"})
    steps = guard(replace(rendering, unattended=Unattended(None, rule)))
    assert steps.index("Dial(PJSIP/ana&PJSIP/bruno,12,mi)") < steps.index("StopMusicOnHold()")


def test_the_doors_of_the_controller_stay_on_loopback(rendering: Rendering) -> None:
    files = replace(rendering, reach=OPEN).files()
    for name in ("http.conf", "manager.conf"):
        read = configparser.ConfigParser(strict=False)
        read.read_string(files[name])
        assert read["general"]["bindaddr"] == "127.0.0.1"


def test_what_is_not_needed_is_not_loaded(rendering: Rendering) -> None:
    loaded = rendering.files()["modules.conf"]
    assert "autoload = no" in loaded
    assert "identifier_anonymous" not in loaded
    assert "Throughline\n" in rendering.files()["pjsip.conf"]


def test_files_are_written_once_and_only_for_their_owner(rendering: Rendering) -> None:
    whole = replace(rendering, certificate="PEM")
    assert whole.write()
    assert not whole.write()
    assert {file.stat().st_mode & 0o777 for file in (rendering.directory / "etc").iterdir()} == {0o600}
