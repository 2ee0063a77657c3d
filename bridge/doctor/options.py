"""One SIP question, OPTIONS (RFC 3261, section 11): does anybody there speak SIP?"""

import secrets
import socket
from ipaddress import ip_address
from typing import Final

WITHIN: Final = 2.0
_LARGEST: Final = 4096


class NoSip(Exception):
    """No answer, or one that is not SIP; says which."""


def ask_options(host: str, port: int, within: float = WITHIN) -> str:
    """The status of the answer, such as `200 OK`; by UDP, and to this machine's loopback only.

    Raises NoSip, ValueError for any other host."""
    if not (address := ip_address(host)).is_loopback:
        raise ValueError(f"{host} is not this machine's loopback")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as phone:
        phone.settimeout(within)
        phone.connect((host, port))
        own_host, own_port = phone.getsockname()[:2]
        phone.send(_question(_uri(own_host, own_port), _uri(host, port)))
        try:
            answer = phone.recv(_LARGEST)
        except OSError as error:
            raise NoSip("gave no answer" if isinstance(error, TimeoutError) else "is not listened to") from error
    return _status(answer)


def _question(here: str, there: str) -> bytes:
    token = secrets.token_hex(8)
    return "\r\n".join(
        (
            f"OPTIONS {there} SIP/2.0",
            f"Via: SIP/2.0/UDP {here.removeprefix('sip:')};branch=z9hG4bK{token};rport",
            "Max-Forwards: 70",
            f"From: <sip:doctor@127.0.0.1>;tag={token}",
            f"To: <{there}>",
            f"Call-ID: {token}",
            "CSeq: 1 OPTIONS",
            "Content-Length: 0",
            "\r\n",
        )
    ).encode()


def _uri(host: str, port: int) -> str:
    return f"sip:[{host}]:{port}" if ":" in host else f"sip:{host}:{port}"


def _status(answer: bytes) -> str:
    version, _, status = answer.decode(errors="replace").partition("\r\n")[0].partition(" ")
    if version != "SIP/2.0":
        raise NoSip("answers, but not in SIP")
    return status
