"""Who can reach the center: the environment and center.yaml must mean the same."""

import socket

import pytest

from config import reach as module
from config.reach import Reach, on_this_machine, own_address, reach, usable
from config.schema import Nat, Network
from config.settings import HostPort, Settings, SettingsError

OWN = "192.168.1.20"
NAT = Nat.model_validate({"public_address": "203.0.113.7"})


@pytest.fixture(autouse=True)
def _one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "own_address", lambda: OWN)
    for name in ("SIP", "TLS"):
        monkeypatch.delenv(f"THROUGHLINE_{name}", raising=False)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that were looked up; pbx.example.org has an address, others have none."""
    names: list[str] = []

    def lookup(name: str) -> str:
        names.append(name)
        if name != "pbx.example.org":
            raise socket.gaierror(-2, "Name or service not known")
        return OWN

    monkeypatch.setattr(socket, "gethostbyname", lookup)
    return names


def where(
    monkeypatch: pytest.MonkeyPatch, network: Network, sip: str = "", nat: Nat | None = None, tls: str = ""
) -> Reach:
    monkeypatch.setenv("THROUGHLINE_SIP", sip)
    monkeypatch.setenv("THROUGHLINE_TLS", tls)
    return reach(Settings.read(), network, nat)


def test_the_shipped_center_is_on_loopback_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    found = usable(where(monkeypatch, "loopback"))
    assert (str(found.bind), str(found.domain), str(found.here)) == ("127.0.0.1:5060",) * 3
    assert (found.media_host, found.secure_bind, found.secure_domain) == ("127.0.0.1", None, None)


def test_an_open_center_listens_everywhere_and_tells_phones_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found = usable(where(monkeypatch, "open"))
    assert (str(found.bind), str(found.secure_bind)) == ("0.0.0.0:5060", "0.0.0.0:5061")
    assert (str(found.domain), str(found.secure_domain)) == (f"{OWN}:5060", f"{OWN}:5061")
    assert (str(found.here), found.media_host) == ("127.0.0.1:5060", None)


def test_one_address_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    found = usable(where(monkeypatch, "open", "192.0.2.5:5070"))
    assert {str(each) for each in (found.bind, found.domain, found.here)} == {"192.0.2.5:5070"}
    assert found.media_host == "192.0.2.5"


def test_behind_nat_phones_are_told_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found = usable(where(monkeypatch, "open", nat=NAT))
    assert (str(found.bind), str(found.domain)) == ("0.0.0.0:5060", "203.0.113.7:5060")
    assert found.nat is NAT


def test_on_loopback_nat_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = where(monkeypatch, "loopback", nat=NAT)
    assert (found.nat, found.host) == (None, "127.0.0.1")


def test_tls_can_be_off_or_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not where(monkeypatch, "open", tls="off").secure
    assert where(monkeypatch, "loopback", tls="a.pem:b.pem").secure


@pytest.mark.parametrize(
    ("network", "sip", "words"),
    [
        (
            "loopback",
            "0.0.0.0:5060",
            "would let others in, but center.yaml says `network: loopback`. Set `network: open`",
        ),
        ("loopback", "192.0.2.5:5070", "or THROUGHLINE_SIP=127.0.0.1:5070."),
        (
            "open",
            "127.0.0.1:5060",
            "is reached from this machine only, but center.yaml says `network: open`. Set THROUGH",
        ),
        ("open", "127.0.0.9:5070", "Set THROUGHLINE_SIP=0.0.0.0:5070, or the one address"),
        ("open", "0.0.0.0:65535", "leaves no port for TLS"),
        ("open", "[2001:db8::1]:5060", r"\[2001:db8::1\]:5060, which is IPv6, which calls do not take yet"),
    ],
)
def test_what_contradicts_itself_is_told_with_a_remedy(
    network: Network, sip: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=words):
        usable(where(monkeypatch, network, sip))


def test_a_machine_outside_its_own_networks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    nat = Nat.model_validate({"public_address": "203.0.113.7", "local_networks": ["10.0.0.0/8"]})
    with pytest.raises(SettingsError, match=f"nat.local_networks is without {OWN}, .* Add it, or remove `nat:`"):
        usable(where(monkeypatch, "open", nat=nat))
    assert usable(where(monkeypatch, "open", "203.0.113.7:5060", nat=nat)).nat is nat


def test_a_name_is_looked_up_for_asterisk_and_kept_for_phones(
    monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    found = where(monkeypatch, "open", "pbx.example.org:5060")
    assert asked == []
    assert (str(usable(found).bind), str(usable(found).domain)) == (f"{OWN}:5060", "pbx.example.org:5060")
    with pytest.raises(SettingsError, match=r"names nowhere.example, which leads nowhere"):
        usable(where(monkeypatch, "open", "nowhere.example:5060"))


def test_a_machine_has_an_address_or_its_loopback() -> None:
    assert socket.inet_aton(own_address())


def test_a_phone_here_calls_loopback_when_all_addresses_are_taken() -> None:
    assert on_this_machine(HostPort("0.0.0.0", 5070)) == HostPort("127.0.0.1", 5070)
    assert on_this_machine(HostPort("192.0.2.5", 5070)) == HostPort("192.0.2.5", 5070)
