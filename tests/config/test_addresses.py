"""IPv4 addresses and networks: what is understood, and what would let in too many."""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from config.addresses import Networks, PublicAddress, TrustedNetworks


def fault(field: Any, written: object) -> tuple[str, str]:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(field).validate_python(written)
    (detail,) = wrong.value.errors()
    return detail["ctx"]["problem"], detail["ctx"]["remedy"]


def test_an_address_is_a_network_of_one() -> None:
    read = TypeAdapter(TrustedNetworks).validate_python(["192.0.2.10", "198.51.100.0/24"])
    assert read == (IPv4Network("192.0.2.10/32"), IPv4Network("198.51.100.0/24"))


def test_a_public_address() -> None:
    assert TypeAdapter(PublicAddress).validate_python("203.0.113.7") == IPv4Address("203.0.113.7")


@pytest.mark.parametrize(
    ("written", "problem", "remedy"),
    [
        ("sip.example.org", "not an IPv4 address or network", "what a name leads to can change unseen"),
        ("2001:db8::1", "not an IPv4 address or network", "Write numbers like 192.0.2.10"),
        ("192.0.2.10/24", "not an IPv4", "Write 192.0.2.0/24 for the whole network, or 192.0.2.10 for that address"),
        ("192.0.2", "not an IPv4", "Write numbers like"),
        (7.5, "not an IPv4", "Write numbers like"),
        (None, "is empty, which is not an IPv4", "Write numbers like"),
        ("0.0.0.0/0", "where no caller is", "own addresses"),
        ("127.0.0.1", "where no caller is", "this machine needs no trunk"),
        ("224.0.0.1", "where no caller is", "own addresses"),
        (
            "198.0.0.0/8",
            "is 198.0.0.0/8, which is far too wide",
            "at most a /16: whoever has one calls without a login",
        ),
    ],
)
def test_what_is_no_host_of_a_trunk(written: object, problem: str, remedy: str) -> None:
    told = fault(TrustedNetworks, [written])
    assert problem in told[0]
    assert remedy in told[1]


def test_a_list_is_not_empty_and_names_no_address_twice() -> None:
    assert fault(Networks, []) == ("is empty", "Write at least one.")
    assert fault(Networks, ["10.0.0.0/8", "10.1.0.0/16"])[0] == "holds 10.1.0.0/16 twice"


@pytest.mark.parametrize("written", ["0.0.0.0", "127.0.0.1", "224.0.0.1", "pbx.example.org", "203.0.113.0/24", 1, None])
def test_what_is_no_public_address(written: object) -> None:
    assert fault(PublicAddress, written)[1].startswith("Write ")
