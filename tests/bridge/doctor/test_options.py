"""OPTIONS is asked of this machine's loopback only, and whatever comes back is understood."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bridge.doctor.options import NoSip, ask_options


@contextmanager
def phone(answer: bytes, host: str = "127.0.0.1") -> Iterator[tuple[int, list[bytes]]]:
    """A socket that answers one question; its port, and what it was asked."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as server:
        server.bind((host, 0))
        server.settimeout(5)
        heard: list[bytes] = []
        thread = threading.Thread(target=_answer, args=(server, answer, heard))
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(5)


def _answer(server: socket.socket, answer: bytes, heard: list[bytes]) -> None:
    question, asker = server.recvfrom(4096)
    heard.append(question)
    if answer:
        server.sendto(answer, asker)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_status_of_the_answer(host: str) -> None:
    with phone(b"SIP/2.0 404 Not Found\r\nVia: x\r\n\r\n", host) as (port, heard):
        assert ask_options(host, port) == "404 Not Found"
    first, *lines = heard[0].decode().split("\r\n")
    shown = f"[{host}]" if ":" in host else host
    assert first == f"OPTIONS sip:{shown}:{port} SIP/2.0"
    assert {line.partition(":")[0] for line in lines if line} >= {
        "Via",
        "From",
        "To",
        "Call-ID",
        "CSeq",
        "Max-Forwards",
    }
    assert heard[0].endswith(b"Content-Length: 0\r\n\r\n")


def test_what_is_not_sip_or_silent_or_not_there() -> None:
    with phone(b"HTTP/1.1 200 OK\r\n\r\n") as (port, _), pytest.raises(NoSip, match="not in SIP"):
        ask_options("127.0.0.1", port)
    with phone(b"") as (port, _), pytest.raises(NoSip, match="no answer"):
        ask_options("127.0.0.1", port, within=0.2)
    with pytest.raises(NoSip, match="not listened to"):
        ask_options("127.0.0.1", port)


def test_no_other_machine_is_asked() -> None:
    with pytest.raises(ValueError, match="not this machine's loopback"):
        ask_options("192.0.2.1", 5060)
