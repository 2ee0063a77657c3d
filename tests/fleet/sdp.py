"""The sound that two phones agree on: ulaw and keys (RFC 4733)."""

import re
from dataclasses import dataclass

from tests.fleet.port import Address

KEYS = 101


@dataclass(frozen=True, slots=True)
class Media:
    """Where the other side wants its sound, and as which payload type its keys."""

    address: Address
    keys: int


def written(address: Address) -> str:
    """Our side of it."""
    host, port = address
    return "\r\n".join(
        (
            "v=0",
            f"o=- {port} {port} IN IP4 {host}",
            "s=-",
            f"c=IN IP4 {host}",
            "t=0 0",
            f"m=audio {port} RTP/AVP 0 {KEYS}",
            "a=rtpmap:0 PCMU/8000",
            f"a=rtpmap:{KEYS} telephone-event/8000",
            f"a=fmtp:{KEYS} 0-16",
            "a=ptime:20",
            "a=sendrecv",
            "",
        )
    )


def read(body: str) -> Media | None:
    """The other side of it, when there is one."""
    host, port = re.search(r"^c=IN IP4 (\S+)", body, re.M), re.search(r"^m=audio (\d+)", body, re.M)
    if not host or not port:
        return None
    keys = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", body, re.M)
    return Media((host[1], int(port[1])), int(keys[1]) if keys else KEYS)
