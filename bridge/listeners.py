"""Which process of this machine holds which port, as the kernel tells it; sends nothing, needs no program."""

import errno
import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final, Literal

Protocol = Literal["udp", "tcp"]
PROC: Final = Path("/proc")
_KIND: Final = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}
# A TCP socket that listens, a UDP socket that is not connected to anybody.
_TAKES_ALL: Final = {"udp": "07", "tcp": "0A"}
_WORD: Final = 8
_PRIVILEGED: Final = 1024


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that takes what comes to `port`, on one address of this machine or on all; `uid` is its owner."""

    protocol: Protocol
    address: IPv4Address | IPv6Address
    port: int
    uid: int
    inode: int

    def meets(self, host: str) -> bool:
        """Whether it and another socket on `host` and the same port would be in each other's way."""
        other = ip_address(host)
        return self.address == other or self.address.is_unspecified or other.is_unspecified


@dataclass(frozen=True, slots=True)
class Process:
    """A process by its number and its program's short name."""

    pid: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid})"


def listeners(protocol: Protocol) -> Iterator[Listener]:
    """All of them, whoever owns them."""
    for table in (PROC / "net" / protocol, PROC / "net" / f"{protocol}6"):
        if table.exists():
            for line in table.read_text().splitlines()[1:]:
                if (fields := line.split())[3] == _TAKES_ALL[protocol]:
                    address, _, port = fields[1].partition(":")
                    yield Listener(protocol, _address(address), int(port, 16), int(fields[7]), int(fields[9]))


def holders(protocol: Protocol, host: str, port: int) -> list[Listener]:
    """Who listens there now; `host` is an address."""
    return [each for each in listeners(protocol) if each.port == port and each.meets(host)]


def processes(of: Collection[Listener]) -> list[Process]:
    """The processes of these sockets, as far as we may see them: root sees all, others their own."""
    wanted = {f"socket:[{each.inode}]" for each in of}
    return [process for folder in PROC.glob("[0-9]*") if (process := _holding(folder, wanted))]


def inodes(pid: int) -> set[int]:
    """The sockets that a process holds; empty when it has ended, or when we may not see it."""
    try:
        held = [_link(each) for each in (PROC / str(pid) / "fd").iterdir()]
    except OSError:
        return set()
    return {int(link[8:-1]) for link in held if link.startswith("socket:[")}


def whose(of: Collection[Listener]) -> str:
    """The processes in words; where they cannot be seen, the account that they run as."""
    if found := processes(of):
        return " and ".join(map(str, found))
    users = sorted({each.uid for each in of})
    return f"a process of user {', '.join(map(str, users))}" if users else "a process that cannot be seen"


def obstacle(protocol: Protocol, host: str, port: int) -> str | None:
    """Why a server that is not root, whatever we are, could not listen there now; None when it could.

    Tried by listening for a moment."""
    if port < _first_free():
        return f"is a port below {_first_free()}, which only root may use"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, _KIND[protocol]) as trial:
        if protocol == "tcp":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            return None
        except OSError as error:
            return _why(error, protocol, host, port)


def _why(error: OSError, protocol: Protocol, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"is taken by {whose(holders(protocol, host, port))}"
    if error.errno == errno.EADDRNOTAVAIL:
        return "is no address of this machine"
    return f"cannot be used: {error.strerror}"


def _first_free() -> int:
    try:
        return int((PROC / "sys/net/ipv4/ip_unprivileged_port_start").read_text())
    except (OSError, ValueError):
        return _PRIVILEGED


def _holding(folder: Path, sockets: Collection[str]) -> Process | None:
    try:
        held = {_link(each) for each in (folder / "fd").iterdir()}
        return Process(int(folder.name), _program(folder)) if held & set(sockets) else None
    except OSError:
        return None  # it has ended meanwhile, or is somebody else's


def _link(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""


def _program(folder: Path) -> str:
    """Its short name; of one that a loader runs, as ours is, the name of the program and not the loader's."""
    if not (name := (folder / "comm").read_text().strip()).startswith("ld-linux"):
        return name
    words = [Path(word) for word in (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")]
    return next((word.name for word in words[1:] if word.parent.name in ("bin", "sbin")), name)


def _address(hexadecimal: str) -> IPv4Address | IPv6Address:
    """The kernel writes words of 32 bits in the machine's own order; an IPv4 address in IPv6 clothes is one of IPv4."""
    words = (hexadecimal[at : at + _WORD] for at in range(0, len(hexadecimal), _WORD))
    address = ip_address(b"".join(bytes.fromhex(word)[::-1] for word in words))
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
