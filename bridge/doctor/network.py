"""How others would reach this center: addresses, doors, routers and filters. Nothing is sent to any other machine."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from config.settings import HostPort

AREA: Final = Area("network")
PROC: Final = Path("/proc/net")
ETC: Final = Path("/etc")
ASKED_FOR: Final = 2.0
_LOCAL: Final = re.compile(r"\|-- (\S+)\n\s+/32 host LOCAL")

Address = IPv4Address | IPv6Address


def own_addresses() -> list[Address]:
    """All addresses of this machine, as the kernel tells them; link-local ones of version 6 left out."""
    found: set[Address] = set()
    if (tree := PROC / "fib_trie").exists():
        found |= {ip_address(text) for text in _LOCAL.findall(tree.read_text())}
    if (six := PROC / "if_inet6").exists():
        found |= {ip_address(bytes.fromhex(line.split()[0])) for line in six.read_text().splitlines()}
    kept = (each for each in found if not (each.version == 6 and each.is_link_local))
    return sorted(kept, key=lambda each: (each.version, int(each)))


def addresses(_: Patient) -> Iterator[Finding]:
    """Which addresses there are, and who can use them."""
    others = [each for each in own_addresses() if not each.is_loopback]
    if others:
        yield AREA.ok("addresses", ", ".join(f"{each} (for {_reached_from(each)})" for each in others))
    else:
        remedy = "Connect this machine to a network, when anybody else is to call."
        yield AREA.warning("addresses", "only loopback: no other machine can reach this one", remedy)


def doors(patient: Patient) -> Iterator[Finding]:
    """What listens where, and whether others could come in."""
    if where := patient.reach:
        yield _door("SIP, UDP and TCP", where.bind)
        if where.secure_bind:
            yield _door("SIP over TLS", where.secure_bind)
        yield AREA.ok("sound", f"UDP {patient.place.settings.rtp}, at the addresses of SIP")
    if patient.doors and patient.doors.ours:
        yield AREA.ok("ARI and AMI", "on loopback only: they are the controller's own doors")


def _door(what: str, bind: HostPort) -> Finding:
    try:
        address = ip_address(bind.host)
    except ValueError:
        return AREA.ok(what, f"{bind}, a name; it is not looked up here")
    own = own_addresses()
    if address.is_loopback:
        return AREA.ok(what, f"{bind}: this machine only")
    if address.is_unspecified:
        others = ", ".join(str(each) for each in own if each.version == address.version and not each.is_loopback)
        return AREA.ok(what, f"{bind}: open to whoever reaches {others or 'this machine'}")
    if address in own:
        return AREA.ok(what, f"{bind}: open to {_reached_from(address)}")
    return AREA.wrong(what, f"{bind} is no address of this machine", f"It has {', '.join(map(str, own))}.")


def nat(patient: Patient) -> Iterator[Finding]:
    """Whether a router stands between us and the world, and what it must do."""
    if (where := patient.reach) is None or ip_address(where.bind.host).is_loopback:
        return
    ports = _ports(patient)
    if where.nat:
        sound = where.nat.media_address or where.nat.public_address
        told = f"phones outside are told {where.nat.public_address}, and {sound} for sound"
        yield AREA.ok("router (NAT)", f"{told}; the router must pass on {ports}, unchanged, to this machine")
    elif any(each.is_global for each in own_addresses()):
        yield AREA.ok("router (NAT)", "this machine has a public address, and needs none")
    else:
        remedy = (
            "When phones outside are to call: write `nat: {public_address: ...}` in center.yaml, and let the router "
            f"pass on {ports} to this machine, unchanged, with its SIP helper (SIP ALG) switched off."
        )
        yield AREA.warning("router (NAT)", "all addresses here are private: only the own network gets in", remedy)


def name(_: Patient) -> Iterator[Finding]:
    """Whether this machine knows its own name without asking anybody."""
    own = socket.gethostname()
    lines = (line.partition("#")[0].split() for line in _lines(ETC / "hosts"))
    known = [fields[0] for fields in lines if own in fields[1:]]
    servers = [line.split()[1] for line in _lines(ETC / "resolv.conf") if line.startswith("nameserver ")]
    asked = f"; other names are asked of {', '.join(servers)}" if servers else "; no name server is set"
    if known:
        yield AREA.ok("own name", f"{own} is {', '.join(known)} in {ETC / 'hosts'}{asked}")
    else:
        remedy = f"Add `127.0.1.1 {own}` to {ETC / 'hosts'}: without it programs wait for name servers."
        yield AREA.warning("own name", f"{own} is not in {ETC / 'hosts'}{asked}", remedy)


def firewall(patient: Patient) -> Iterator[Finding]:
    """Whether packets are filtered here, and what must be let in."""
    if (where := patient.reach) is None or ip_address(where.bind.host).is_loopback:
        yield AREA.ok("filter", "nothing needs to be let in: only this machine calls")
        return
    needed = f"to be let in: {_ports(patient)}"
    rules = _rules()
    if rules is None:
        yield AREA.ok("filter", f"cannot be read from here; {needed}")
    elif drops := [line for line in rules if re.search(r"policy drop|\bdrop\b|\breject\b|DROP|REJECT", line)]:
        yield AREA.warning(
            "filter", f"{len(drops)} rules here turn packets away", f"See that they let in: {_ports(patient)}."
        )
    else:
        yield AREA.ok("filter", f"no rule here turns packets away; {needed}, also by filters elsewhere")


def _rules() -> Sequence[str] | None:
    """The packet filter's rules, for root, by whichever program is there."""
    if os.geteuid() != 0:
        return None
    for command in (("nft", "list", "ruleset"), ("iptables-save",)):
        if path := shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
            done = subprocess.run((path, *command[1:]), capture_output=True, text=True, timeout=ASKED_FOR, check=False)
            if done.returncode == 0:
                return done.stdout.splitlines()
    return None


def _ports(patient: Patient) -> str:
    if (where := patient.reach) is None:
        return ""
    secure = f", TCP {where.secure_bind.port}" if where.secure_bind else ""
    return f"UDP and TCP {where.bind.port}{secure}, UDP {patient.place.settings.rtp}"


def _reached_from(address: Address) -> str:
    return "everybody, where no filter stands" if address.is_global else "its own network"


def _lines(file: Path) -> list[str]:
    return file.read_text(errors="replace").splitlines() if file.exists() else []


CHECKS: Final = (addresses, doors, nat, name, firewall)
