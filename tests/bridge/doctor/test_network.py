"""Addresses, doors, routers, names and filters, as this machine alone can tell them; nothing is sent."""

import os
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from bridge.doctor import network as area
from bridge.doctor.finding import Finding, Verdict
from bridge.doctor.patient import Patient
from config.schema import Nat
from config.settings import HostPort
from tests.bridge.doctor.conftest import at, knows, verdicts

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG

FIB_TRIE = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 192.168.1.7
        /32 host LOCAL
     |-- 192.168.1.255
        /32 link BROADCAST
"""
IF_INET6 = """\
00000000000000000000000000000001 01 80 10 80       lo
fe8000000000000000fc00fffe000001 04 40 20 80     eth0
20010db8000000000000000000000007 04 40 00 80     eth0
"""


def has(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """This machine's addresses."""
    monkeypatch.setattr(area, "own_addresses", lambda: [ip_address(each) for each in addresses])


def test_own_addresses_are_read_from_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area, "PROC", tmp_path)
    assert area.own_addresses() == []
    (tmp_path / "fib_trie").write_text(FIB_TRIE)
    (tmp_path / "if_inet6").write_text(IF_INET6)
    assert list(map(str, area.own_addresses())) == ["127.0.0.1", "192.168.1.7", "::1", "2001:db8::7"]


def test_this_machine_knows_its_loopback() -> None:
    assert ip_address("127.0.0.1") in area.own_addresses()


def test_who_can_use_the_addresses(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, "127.0.0.1", "192.168.1.7", "8.8.8.8")
    (found,) = area.addresses(patient)
    assert found.found == "192.168.1.7 (for its own network), 8.8.8.8 (for everybody, where no filter stands)"
    has(monkeypatch, "127.0.0.1")
    assert verdicts(area.addresses(patient)) == [("addresses", WARNING)]


@pytest.mark.parametrize(
    ("host", "verdict", "words"),
    [
        ("127.0.0.1", OK, "this machine only"),
        ("0.0.0.0", OK, "open to whoever reaches 192.168.1.7"),
        ("192.168.1.7", OK, "open to its own network"),
        ("192.0.2.99", WRONG, "is no address of this machine"),
    ],
)
def test_who_could_come_in(
    patient: Patient, host: str, verdict: Verdict, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, "127.0.0.1", "192.168.1.7")
    known = knows(patient, reach=at(host, 5060, "loopback" if host == "127.0.0.1" else "open"))
    sip, *others = area.doors(known)
    assert (sip.verdict, words in sip.found) == (verdict, True)
    assert ("SIP over TLS" in [found.what for found in others]) is (host != "127.0.0.1")


def test_a_name_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("a name server was asked"))
    assert "is not looked up" in area._door("SIP", HostPort("pbx.example.org", 80)).found


def nat(patient: Patient, nat: Nat | None = None) -> list[Finding]:
    return list(area.nat(knows(patient, reach=at("192.168.1.7", 5060, "open", nat))))


def test_what_a_router_must_do(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, "127.0.0.1", "192.168.1.7")
    (needed,) = nat(patient)
    assert needed.verdict is WARNING
    assert "UDP and TCP 5060, TCP 5061, UDP 10000-12000" in needed.remedy
    (told,) = nat(patient, Nat.model_validate({"public_address": "203.0.113.9"}))
    assert told.verdict is OK
    assert "203.0.113.9" in told.found
    has(monkeypatch, "8.8.8.8")
    assert verdicts(iter(nat(patient))) == [("router (NAT)", OK)]
    assert list(area.nat(knows(patient, reach=at("127.0.0.1", 5060)))) == []


def etc(folder: Path, monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setattr(area, "ETC", folder)
    monkeypatch.setattr(socket, "gethostname", lambda: "pbx")
    (folder / "hosts").write_text(hosts)
    (folder / "resolv.conf").write_text("# comment\nnameserver 10.0.0.53\n")


def test_the_own_name(patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    etc(tmp_path, monkeypatch, "127.0.1.1 pbx.example.org pbx # me\n")
    (found,) = area.name(patient)
    assert (found.verdict, found.found.startswith("pbx is 127.0.1.1")) == (OK, True)
    assert "10.0.0.53" in found.found
    etc(tmp_path, monkeypatch, "127.0.0.1 localhost\n")
    assert verdicts(area.name(patient)) == [("own name", WARNING)]


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [(None, OK), ([], OK), (["chain input { policy drop; }"], WARNING), (["-P INPUT DROP"], WARNING)],
)
def test_filters(
    patient: Patient, rules: Sequence[str] | None, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area, "_rules", lambda: rules)
    (found,) = area.firewall(knows(patient, reach=at("192.168.1.7", 5060, "open")))
    assert found.verdict is verdict
    assert "UDP 10000-12000" in found.found + found.remedy


def test_on_loopback_no_filter_matters(patient: Patient) -> None:
    assert verdicts(area.firewall(knows(patient, reach=at("127.0.0.1", 5060)))) == [("filter", OK)]


def test_only_root_reads_the_filters_and_by_whichever_program_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nft").write_text("#!/bin/sh\necho 'policy drop'\n")
    (tmp_path / "nft").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert area._rules() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert area._rules() == ["policy drop"]
