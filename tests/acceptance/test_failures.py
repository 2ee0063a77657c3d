"""What keeps `throughline run` from opening is said in words, with a remedy, and exit status 1; never a traceback."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.instance import free_ports
from telephony.asterisk.install import AsteriskProgram
from tests.acceptance.conftest import Throughline, make

WITHIN = 40.0


@pytest.fixture
def center(server_path: Path, asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """One that has never run."""
    made = make(server_path, asterisk_program)
    yield made
    if (made.home / "asterisk/run").exists():
        made.stop()


def refused(center: Throughline, *through: str, within: float = WITHIN, limit: Callable[[], None] | None = None) -> str:
    """What `throughline run` says when it does not open."""
    command = (*through, sys.executable, "-u", "-m", "bridge.cli", "run")
    done = subprocess.run(
        command, env=center.environment, capture_output=True, text=True, timeout=within, preexec_fn=limit, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert "is open" not in said
    return said


@contextmanager
def held(kind: socket.SocketKind, address: str = "127.0.0.1:0") -> Iterator[int]:
    """A port that this test holds."""
    host, _, port = address.partition(":")
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind((host, int(port)))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        yield taken.getsockname()[1]


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_taken_sip_port_says_who_has_it(center: Throughline, kind: socket.SocketKind) -> None:
    with held(kind, center.sip):
        said = refused(center)
    protocol = {socket.SOCK_DGRAM: "UDP", socket.SOCK_STREAM: "TCP"}[kind]
    assert f"SIP cannot be taken: {protocol} {center.sip} is taken by" in said
    assert f"(process {os.getpid()})" in said
    assert "set THROUGHLINE_SIP to another" in said


@pytest.mark.parametrize(
    ("address", "reason"),
    [("127.0.0.1:80", "only root may use"), ("198.51.100.7:5060", "is no address of this machine")],
)
def test_an_address_that_cannot_be_ours(center: Throughline, address: str, reason: str) -> None:
    center.environment["THROUGHLINE_SIP"] = address
    if not address.startswith("127."):
        file = center.home / "center/center.yaml"
        file.write_text(file.read_text().replace("network: loopback", "network: open"))
    said = refused(center)
    assert reason in said
    assert "THROUGHLINE_SIP" in said


@pytest.mark.parametrize("door", ["ari", "ami"])
def test_a_port_inside_that_somebody_took_meanwhile_is_replaced(center: Throughline, door: str) -> None:
    with held(socket.SOCK_STREAM) as taken:
        ports = dict.fromkeys(("ari", "ami"), free_ports(1)[0]) | {door: taken}
        (center.home / "ports.json").write_text(json.dumps(ports))
        center.run()
        assert f"Port {taken} inside is taken by" in "".join(center.said)
        assert center.command("doctor").returncode == 0


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("SIP", "5060", "which is not host:port"),
        ("RTP", "10000", "not a range of ports"),
        ("DATABASE", "throughline.db", "is not the URL of a database"),
        ("DATABASE", "postgresql+nonsense://x/y", "THROUGHLINE_DATABASE cannot be used"),
        ("TLS", "maybe", "Write off, auto, or two files"),
        ("ASTERISK", "http://ann:sesame@pbx", "is not two URLs"),
        ("CENTER", "/nowhere", "center.yaml"),
    ],
)
def test_wrong_settings(center: Throughline, variable: str, value: str, words: str) -> None:
    center.environment[f"THROUGHLINE_{variable}"] = value
    said = refused(center)
    assert words in said
    assert "sesame" not in said


def mounted(options: str, where: Path) -> tuple[str, ...]:
    """What to put before a command so that a disk in memory is mounted for it, and for nobody else."""
    own = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    where.mkdir()
    mount = f'mount -t tmpfs -o {options} none {where} && exec "$@"'
    command = ("unshare", *own, "--mount", "sh", "-c", mount, "sh")
    if subprocess.run((*command, "true"), capture_output=True).returncode:
        pytest.skip("this machine does not let us mount")
    return command


def test_a_state_directory_that_cannot_be_written(center: Throughline, server_path: Path) -> None:
    closed = server_path / "closed"
    through = mounted("ro", closed)
    center.environment["THROUGHLINE_HOME"] = str(closed / "home")
    said = refused(center, *through)
    assert f"{closed / 'home'} cannot be used: Read-only file system" in said
    assert "set THROUGHLINE_HOME" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_directory_of_somebody_else(center: Throughline) -> None:
    center.environment["THROUGHLINE_HOME"] = "/usr/share/throughline"
    said = refused(center)
    assert "/usr/share/throughline: Permission denied" in said
    assert "set THROUGHLINE_HOME" in said


@pytest.mark.parametrize("place", ["/proc/throughline", "file", "file/below"])
def test_a_state_directory_that_cannot_be_made(center: Throughline, server_path: Path, place: str) -> None:
    (server_path / "file").touch()
    center.environment["THROUGHLINE_HOME"] = str(server_path / place)
    assert "set THROUGHLINE_HOME" in refused(center)


def test_a_state_directory_too_deep_for_sockets(center: Throughline, server_path: Path) -> None:
    deep = server_path / "/".join(["deep"] * 25)
    deep.mkdir(parents=True)
    (deep / "software").symlink_to((server_path / "software").resolve())
    center.environment["THROUGHLINE_HOME"] = str(deep)
    assert "too long a path for a socket: set THROUGHLINE_HOME to a shorter one" in refused(center)


def test_a_disk_that_fills_up_while_files_are_copied(center: Throughline) -> None:
    shutil.rmtree(center.home / "center")
    limit = 100_000  # bytes a file, as a quota would have it; refused writes are errors, not signals

    def restrict() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    said = refused(center, limit=restrict)
    assert "is full. Make room, or set THROUGHLINE_HOME" in said
    assert not (center.home / "center").exists()


def test_a_disk_that_is_full(center: Throughline, server_path: Path) -> None:
    small = server_path / "small"
    through = mounted("size=1m", small)
    center.environment["THROUGHLINE_HOME"] = str(small)
    assert f"MB are free on the disk of {small}" in refused(center, *through)


def test_an_asterisk_that_is_too_old_and_no_apt(center: Throughline, server_path: Path) -> None:
    programs = server_path / "programs"
    programs.mkdir()
    (programs / "asterisk").write_text("#!/bin/sh\necho Asterisk 20.6.0\n")
    (programs / "asterisk").chmod(0o755)
    (center.home / "software").unlink()
    center.environment["PATH"] = str(programs)
    said = refused(center)
    assert f"{programs}/asterisk is Asterisk 20.6.0, and 22.10.1 or newer is needed" in said
    assert "This machine has no apt-config" in said
    assert "install Asterisk 22.10.1 or newer yourself" in said


def test_a_journal_that_is_none(center: Throughline) -> None:
    (center.home / "journal.sqlite").write_text("This is not a journal. " * 100)
    said = refused(center)
    assert "file is not a database" in said
    assert "The controller could not begin." in said


def test_a_second_run_is_told_of_the_first(center: Throughline) -> None:
    center.run()
    assert center.process
    said = refused(center)
    assert f"Throughline already runs on {center.home}, process {center.process.pid}" in said
