"""The answer to a digest challenge (RFC 2617, MD5, qop=auth)."""

import re
import secrets
from hashlib import md5


def answer(challenge: str, username: str, password: str, method: str, uri: str) -> str:
    """The value of the Authorization header."""
    asked = {name: value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^\s,]+)', challenge)}
    client = secrets.token_hex(8)
    who = _md5(f"{username}:{asked['realm']}:{password}")
    proof = f"{asked['nonce']}:00000001:{client}:auth" if "qop" in asked else asked["nonce"]
    said = {"username": username, "realm": asked["realm"], "nonce": asked["nonce"], "uri": uri}
    said |= {"response": _md5(f"{who}:{proof}:{_md5(f'{method}:{uri}')}")}
    said |= {"opaque": asked["opaque"]} if "opaque" in asked else {}
    quoted = ", ".join(f'{name}="{value}"' for name, value in said.items())
    rest = f', qop=auth, nc=00000001, cnonce="{client}"' if "qop" in asked else ""
    return f"Digest {quoted}, algorithm=MD5{rest}"


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
