"""A question to Asterisk has an answer, or an error that says what is wrong, within its time; never a hang."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from telephony.asterisk.ami import AmiAddress
from telephony.asterisk.ari import AriAddress
from telephony.asterisk.errors import Disconnected, NoReply, NotFound, Refused
from telephony.asterisk.inquiry import AmiInquiry, ask_ari

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
WELCOME = b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """serve(greeting, answer, ...): a server on the returned port that gives each request its next answer."""
    with ExitStack() as stack:

        def start(greeting: bytes, *answers: bytes) -> int:
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            heard: list[bytes] = []
            thread = threading.Thread(target=_serve, args=(server, greeting, answers, heard))
            thread.start()
            stack.callback(thread.join, 5)
            return int(server.getsockname()[1])

        yield start


def _serve(server: socket.socket, greeting: bytes, answers: tuple[bytes, ...], heard: list[bytes]) -> None:
    connection, _ = server.accept()
    with connection:
        connection.settimeout(5)
        connection.sendall(greeting)
        for answer in answers:
            heard.append(connection.recv(4096))
            connection.sendall(answer)
        if not answers or answers[-1] == b"":
            connection.recv(4096)


def ari(port: int, username: str = "throughline") -> AriAddress:
    return AriAddress("127.0.0.1", port, username, "secret", "app")


def ami(port: int) -> AmiAddress:
    return AmiAddress("127.0.0.1", port, "throughline", "secret")


def http(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def nobody() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_an_answer_over_http_is_read_from_json(serve: Serve) -> None:
    assert ask_ari(ari(serve(b"", http("200 OK", b'{"value": "7"}'))), "GET", "asterisk/info") == {"value": "7"}


def test_an_empty_answer_is_none(serve: Serve) -> None:
    assert ask_ari(ari(serve(b"", http("204 No Content", b""))), "DELETE", "bridges/x") is None


def test_a_refusal_has_its_status_and_words(serve: Serve) -> None:
    with pytest.raises(NotFound, match="no such channel"):
        ask_ari(ari(serve(b"", http("404 Not Found", b'{"message": "no such channel"}'))), "GET", "channels/x")
    with pytest.raises(Refused) as refused:
        ask_ari(ari(serve(b"", http("401 Unauthorized", b"<html>")), "mallory"), "GET", "asterisk/info")
    assert "secret" not in str(refused.value)


def test_what_is_no_asterisk_or_is_silent_or_absent_is_told(serve: Serve, nobody: int) -> None:
    with pytest.raises(Refused, match="no JSON"):
        ask_ari(ari(serve(b"", http("200 OK", b"hello"))), "GET", "x")
    with pytest.raises(Disconnected):
        ask_ari(ari(serve(b"", b"220 smtp\r\n")), "GET", "x")
    with pytest.raises(NoReply):
        ask_ari(ari(serve(b"", b"")), "GET", "x", within=0.1)
    with pytest.raises(Disconnected, match="refused"):
        ask_ari(ari(nobody), "GET", "x")


def test_one_message_or_a_list_of_them(serve: Serve) -> None:
    begins = b"Response: Success\r\nEventList: start\r\n\r\n\r\n"
    listed = begins + b"Event: A\r\nKey: b: c\r\n\r\nEvent: End\r\nEventList: Complete\r\n\r\n"
    port = serve(GREETING, WELCOME, b"Response: Success\r\nPing: Pong\r\n\r\n", listed)
    with AmiInquiry(ami(port)) as inquiry:
        assert inquiry.ask("Ping") == [{"Response": "Success", "Ping": "Pong"}]
        assert inquiry.ask("Show")[1:] == [{"Event": "A", "Key": "b: c"}]


def test_a_login_that_is_refused(serve: Serve) -> None:
    with (
        pytest.raises(Refused, match="Authentication failed") as refused,
        AmiInquiry(ami(serve(GREETING, b"Response: Error\r\nMessage: Authentication failed\r\n\r\n"))),
    ):
        pass
    assert "secret" not in str(refused.value)


def test_a_manager_that_is_none_or_silent_or_absent_or_goes(serve: Serve, nobody: int) -> None:
    with pytest.raises(Disconnected, match="no Asterisk"), AmiInquiry(ami(serve(b"220 smtp\r\n"))):
        pass
    with pytest.raises(NoReply), AmiInquiry(ami(serve(b"")), within=0.1):
        pass
    with pytest.raises(Disconnected, match="refused"):
        AmiInquiry(ami(nobody))
    with AmiInquiry(ami(serve(GREETING, WELCOME))) as inquiry, pytest.raises(Disconnected):
        inquiry.ask("Ping")


def test_a_value_cannot_smuggle_in_an_action(serve: Serve) -> None:
    with AmiInquiry(ami(serve(GREETING, WELCOME))) as inquiry, pytest.raises(ValueError, match="line end"):
        inquiry.ask("DBGet", Key="x\r\nAction: Originate")
