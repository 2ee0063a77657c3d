"""A stranger who knows SIP and tries the door: `python -m tests.acceptance.stranger OWN-ADDRESS SERVER:PORT`.

Prints a JSON object: by method, then by the user tried, the answer to a request without a login, and to one with a
wrong password, without what is different in every answer (RFC 3261, RFC 7616).
"""

import json
import re
import socket
import sys
from hashlib import md5
from uuid import uuid4

METHODS = ("OPTIONS", "INVITE", "REGISTER", "MESSAGE", "SUBSCRIBE", "REFER", "PUBLISH")
USERS = ("ana", "nobody", "2001", "1000", "loopback", "trunk.carrier", "anonymous")
ALWAYS_DIFFERENT = re.compile(r'(branch=|tag=|rport=|nonce="|opaque="|Call-ID: |UDP [\d.]+:|sip:)[^;",>\r]*')
REALM = "throughline"
PATIENCE = 3.0


def answers(own: str, host: str, port: int, method: str, user: str) -> list[str]:
    """To a request without a login, and to one with a wrong password."""
    first = ask(own, host, port, method, user)
    return [first, ask(own, host, port, method, user, _login(first, method, user, host))]


def ask(own: str, host: str, port: int, method: str, user: str, login: str = "", within: float = PATIENCE) -> str:
    """Sends a request by UDP and returns the answer; raises TimeoutError when there is none within so many seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((own, 0))
        line.settimeout(within)
        line.sendto(_request(f"{own}:{line.getsockname()[1]}", host, method, user, login).encode(), (host, port))
        return line.recv(65536).decode()


def alike(answer: str) -> str:
    """An answer without what is different in every answer."""
    return ALWAYS_DIFFERENT.sub(r"\1", answer)


def _uri(method: str, user: str, host: str) -> str:
    return f"sip:{host}" if method == "REGISTER" else f"sip:{user}@{host}"


def _request(own: str, host: str, method: str, user: str, login: str) -> str:
    lines = [
        f"{method} {_uri(method, user, host)} SIP/2.0",
        f"Via: SIP/2.0/UDP {own};branch=z9hG4bK{uuid4().hex};rport",
        "Max-Forwards: 70",
        f"From: <sip:{user}@{host}>;tag={uuid4().hex}",
        f"To: <sip:{user}@{host}>",
        f"Call-ID: {uuid4().hex}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:{user}@{own}>",
        *([login] if login else []),
        "Content-Length: 0",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


def _login(challenge: str, method: str, user: str, host: str) -> str:
    nonce, opaque = (_parameter(challenge, name) for name in ("nonce", "opaque"))
    uri = _uri(method, user, host)
    response = _hash(f"{_hash(f'{user}:{REALM}:guess')}:{nonce}:00000001:c:auth:{_hash(f'{method}:{uri}')}")
    values = {"username": user, "realm": REALM, "nonce": nonce, "uri": uri, "response": response, "opaque": opaque}
    quoted = ",".join(f'{name}="{value}"' for name, value in values.items())
    return f'Authorization: Digest {quoted},algorithm=MD5,qop=auth,nc=00000001,cnonce="c"'


def _parameter(challenge: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', challenge)
    return found[1] if found else ""


def _hash(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def main() -> None:
    """Tries every method as every user."""
    own, server = sys.argv[1:]
    host, _, port = server.partition(":")
    tried = {
        method: {user: [alike(each) for each in answers(own, host, int(port), method, user)] for user in USERS}
        for method in METHODS
    }
    print(json.dumps(tried))


if __name__ == "__main__":
    main()
