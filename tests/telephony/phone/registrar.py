"""A registrar of one account over UDP: it challenges, checks the digest and remembers for how long."""

import asyncio
import hashlib
import re
from typing import cast

REALM = "throughline"
NONCE = "0a4f113b"


class Registrar(asyncio.DatagramProtocol):
    """Lets in whoever knows the password; `granted` has the seconds of each registration, 0 for its end."""

    def __init__(self, password: str) -> None:
        self._password = password
        self.granted: list[int] = []
        self.challenges = 0

    @property
    def address(self) -> str:
        """Where it listens, host:port."""
        host, port = self._transport.get_extra_info("sockname")
        return f"{host}:{port}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        request = data.decode()
        if request.startswith("REGISTER"):
            self._transport.sendto(self._reply(request).encode(), addr)

    def close(self) -> None:
        """Answers no more."""
        self._transport.close()

    def _reply(self, request: str) -> str:
        if "\nAuthorization:" not in request:
            self.challenges += 1
            challenge = f'WWW-Authenticate: Digest realm="{REALM}", nonce="{NONCE}", algorithm=MD5'
            return _response(request, "401 Unauthorized", challenge)
        if not self._is_right(request):
            return _response(request, "403 Forbidden", "")
        found = re.search(r"(?:Expires: |;expires=)(\d+)", request)
        self.granted.append(int(found[1]) if found else 0)
        contact = re.search(r"^Contact: .*$", request, re.MULTILINE)
        return _response(request, "200 OK", f"{contact[0].strip() if contact else ''}\r\nExpires: {self.granted[-1]}")

    def _is_right(self, request: str) -> bool:
        given: dict[str, str] = dict(
            re.findall(r'(\w+)="?([^",\r\n]*)', request.split("Authorization:")[1].split("\n")[0])
        )
        secret = _md5(f"{given['username']}:{REALM}:{self._password}")
        asked = _md5(f"REGISTER:{given['uri']}")
        return given["response"] == _md5(f"{secret}:{NONCE}:{asked}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _response(request: str, status: str, extra: str) -> str:
    kept = re.findall(r"^(?:Via|From|To|Call-ID|CSeq): .*$", request.replace("\r", ""), re.MULTILINE)
    lines = [f"SIP/2.0 {status}", *kept, *filter(None, [extra]), "Content-Length: 0", "", ""]
    return "\r\n".join(lines)
