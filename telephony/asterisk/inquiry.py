"""Single questions to an Asterisk, asked by whoever is not its controller; blocking, each within a time-out."""

import socket
from base64 import b64encode
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, Self

import msgspec

from telephony.asterisk.ami import AmiAddress
from telephony.asterisk.ari import AriAddress
from telephony.asterisk.errors import AsteriskError, Disconnected, NoReply, Refused, refusal

WITHIN: Final = 2.0
_LONGEST_LINE: Final = 64 * 1024

Message = Mapping[str, str]


def ask_ari(address: AriAddress, method: str, path: str, body: Any = None, within: float = WITHIN) -> Any:
    """One request over HTTP, such as `GET` `asterisk/info`: its answer from JSON, None when it is empty.

    Raises Refused (NotFound, Conflict), NoReply, Disconnected."""
    request = f"{method} {path}"
    login = b64encode(f"{address.username}:{address.password}".encode()).decode()
    connection = HTTPConnection(address.host, address.port, timeout=within)
    try:
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        connection.request(method, f"/ari/{path}", content, headers)
        answer = connection.getresponse()
        return _read(answer.status, answer.read(), request)
    except TimeoutError:
        raise NoReply(request) from None
    except (OSError, HTTPException) as error:
        raise Disconnected(f"{request}: {error}") from error
    finally:
        connection.close()


def _read(status: int, text: bytes, request: str) -> Any:
    try:
        said = msgspec.json.decode(text) if text else None
    except msgspec.MsgspecError:
        said = {"message": "no JSON"}
        status = max(status, 500)
    if status >= 400:
        message = said.get("message") or said.get("error") if isinstance(said, dict) else None
        raise refusal(status, str(message or ""), request)
    return said


class AmiInquiry:
    """One connection to the manager interface that asks, and hears no events: `with AmiInquiry(address) as ami`.

    Raises Refused for a wrong login, NoReply, Disconnected."""

    def __init__(self, address: AmiAddress, within: float = WITHIN) -> None:
        self._address = address
        try:
            self._socket = socket.create_connection((address.host, address.port), within)
        except TimeoutError:
            raise NoReply("connect") from None
        except OSError as error:
            raise Disconnected(f"connect: {error}") from error
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        try:
            self._greet()
        except AsteriskError:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def ask(self, action: str, **values: str) -> list[Message]:
        """Sends one action and returns its messages, the response first."""
        try:
            self._send(action, values)
            return self._answer(action)
        except TimeoutError:
            raise NoReply(action) from None
        except OSError as error:
            raise Disconnected(f"{action}: {error}") from error

    def _greet(self) -> None:
        try:
            greeting = self._lines.readline(_LONGEST_LINE)
        except OSError as error:
            raise NoReply("greeting") from error
        if not greeting.startswith(b"Asterisk Call Manager"):
            raise Disconnected("greeting: it is no Asterisk that listens there")
        self.ask("Login", Username=self._address.username, Secret=self._address.password, Events="off")

    def _close(self) -> None:
        self._lines.close()
        self._socket.close()

    def _send(self, action: str, values: Mapping[str, str]) -> None:
        lines = [f"{name}: {value}" for name, value in {"Action": action, **values}.items()]
        if any(not line.isprintable() for line in lines):
            raise ValueError("a value for the manager interface may not hold a line end")
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def _answer(self, action: str) -> list[Message]:
        first = self._message(action)
        if first.get("Response") == "Error":
            raise Refused(400, first.get("Message", ""), action)
        return [first, *self._listed(action)] if first.get("EventList") == "start" else [first]

    def _listed(self, action: str) -> Iterator[Message]:
        while (message := self._message(action)).get("EventList") != "Complete":
            yield message

    def _message(self, action: str) -> Message:
        message: dict[str, str] = {}
        while line := self._lines.readline(_LONGEST_LINE):
            if text := line.decode(errors="replace").strip():
                name, _, value = text.partition(":")
                message[name] = value.strip()
            elif message:
                return message
        raise Disconnected(f"{action}: the connection ended")
