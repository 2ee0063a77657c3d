"""Whoever holds a port is found and named, and what keeps a server from a port is said in words."""

import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from bridge import listeners as module
from bridge.listeners import Listener, Process, Protocol, holders, listeners, obstacle, processes, whose


@pytest.fixture(params=["udp", "tcp"])
def protocol(request: pytest.FixtureRequest) -> Protocol:
    found: Protocol = request.param
    return found


@pytest.fixture
def taken(protocol: Protocol) -> Iterator[int]:
    """A port of 127.0.0.1 that this test holds."""
    kind = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}[protocol]
    with socket.socket(socket.AF_INET, kind) as held:
        held.bind(("127.0.0.1", 0))
        if protocol == "tcp":
            held.listen()
        yield held.getsockname()[1]


def test_a_holder_is_found_by_address_or_by_all_addresses(protocol: Protocol, taken: int) -> None:
    (found,) = holders(protocol, "127.0.0.1", taken)
    assert (str(found.address), found.uid) == ("127.0.0.1", os.geteuid())
    assert holders(protocol, "0.0.0.0", taken) == [found]
    assert not holders(protocol, "127.0.0.2", taken)


def test_its_process_is_named(protocol: Protocol, taken: int) -> None:
    (process,) = processes(holders(protocol, "127.0.0.1", taken))
    assert process.pid == os.getpid()
    assert str(process) == f"{process.name} (process {os.getpid()})"


def test_a_port_that_is_taken_says_by_whom(protocol: Protocol, taken: int) -> None:
    reason = obstacle(protocol, "127.0.0.1", taken)
    assert reason == f"is taken by {whose(holders(protocol, '127.0.0.1', taken))}"
    assert str(os.getpid()) in reason


def test_a_free_port_has_no_obstacle(protocol: Protocol, taken: int) -> None:
    assert obstacle(protocol, "127.0.0.3", taken) is None


def test_an_address_of_another_machine_and_a_port_for_root(protocol: Protocol) -> None:
    assert obstacle(protocol, "203.0.113.77", 5060) == "is no address of this machine"
    assert "only root" in (obstacle(protocol, "127.0.0.1", 1) or "")


def test_where_the_process_cannot_be_seen_its_account_is_named() -> None:
    assert whose([Listener("udp", ip_address("127.0.0.1"), 5060, 4711, 0)]) == "a process of user 4711"
    assert whose([]) == "a process that cannot be seen"


TCP6 = """\
  sl  local_address                         remote_address                        st tx rx tr tm retr uid timeout inode
   0: 00000000000000000000000001000000:13C4 00000000000000000000000000000000:0000 0A 0:0 0:0 0 7 0 11 1
   1: 0000000000000000FFFF00000100007F:13C5 00000000000000000000000000000000:0000 0A 0:0 0:0 0 7 0 12 1
   2: 0000000000000000FFFF00000100007F:13C6 0000000000000000FFFF00000100007F:0001 01 0:0 0:0 0 7 0 13 1
"""


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The kernel's tables, as a test writes them."""
    monkeypatch.setattr(module, "PROC", tmp_path)
    (tmp_path / "net").mkdir()
    return tmp_path


def test_addresses_of_version_6_are_read_and_talks_are_left_out(proc: Path) -> None:
    (proc / "net/tcp6").write_text(TCP6)
    found = [(str(each.address), each.port, each.inode) for each in listeners("tcp")]
    assert found == [("::1", 5060, 11), ("127.0.0.1", 5061, 12)]


def test_a_program_that_a_loader_runs_goes_by_its_own_name(proc: Path) -> None:
    folder = proc / "42"
    (folder / "fd").mkdir(parents=True)
    (folder / "fd/3").symlink_to("socket:[11]")
    (folder / "comm").write_text("ld-linux-x86-64\n")
    (folder / "cmdline").write_bytes(b"/x/lib/ld-linux.so\0--library-path\0/x/lib\0/x/usr/sbin/asterisk\0-f\0")
    assert processes([Listener("tcp", ip_address("::1"), 5060, 7, 11)]) == [Process(42, "asterisk")]
