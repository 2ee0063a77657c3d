"""Where a process takes what comes from the network, as the kernel tells it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

TAKES = {"tcp": "0A", "udp": "07"}  # a TCP socket that listens, a UDP socket that is connected to nobody


@dataclass(frozen=True, slots=True, order=True)
class Bound:
    """A socket's own address and port."""

    protocol: str
    address: str
    port: int

    @property
    def inside(self) -> bool:
        """Whether only this machine reaches it."""
        return self.address.startswith("127.") or self.address == "::1"


def bound(pid: int) -> list[Bound]:
    """All that the process takes, in its own network."""
    inodes = {link.readlink().name[8:-1] for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    return sorted({each for each, inode in _all(pid) if inode in inodes})


def _all(pid: int) -> Iterator[tuple[Bound, str]]:
    for protocol, state in TAKES.items():
        for version in ("", "6"):
            for line in Path(f"/proc/{pid}/net/{protocol}{version}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == state:
                    address, _, port = fields[1].partition(":")
                    yield Bound(protocol, _address(address), int(port, 16)), fields[9]


def _address(text: str) -> str:
    """The kernel prints words of four bytes in the machine's own order."""
    words = [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]
    packed = struct.pack(f"={len(words)}I", *words)
    return str(IPv4Address(packed) if len(packed) == 4 else IPv6Address(packed))
