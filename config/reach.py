"""Where SIP is taken and what phones are told to call: the environment's address and the center's word, as one."""

import socket
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, ip_address
from typing import NoReturn

from config.schema import Nat, Network
from config.settings import HostPort, Settings, SettingsError, TlsFiles

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only where the administrator opened the center
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Reach:
    """`bind` is an address of this machine, or all of them; `host` is what others call; TLS takes the next port.

    `nat` None means that no router translates addresses."""

    network: Network
    bind: HostPort
    host: str
    secure: bool
    nat: Nat | None

    @property
    def domain(self) -> HostPort:
        """Where phones call us, by UDP and TCP."""
        return HostPort(self.host, self.bind.port)

    @property
    def secure_domain(self) -> HostPort | None:
        """Where phones call us by TLS."""
        return HostPort(self.host, self.bind.port + 1) if self.secure else None

    @property
    def secure_bind(self) -> HostPort | None:
        """Where TLS is taken."""
        return HostPort(self.bind.host, self.bind.port + 1) if self.secure else None

    @property
    def media_host(self) -> str | None:
        """The one address at which sound is taken; None means all of this machine's."""
        return None if self.bind.host == EVERYWHERE else self.bind.host

    @property
    def here(self) -> HostPort:
        """Where a phone on this machine calls us."""
        return on_this_machine(self.bind)


def on_this_machine(bind: HostPort) -> HostPort:
    """Where a phone on this machine calls a center that listens at `bind`."""
    return HostPort(LOOPBACK if bind.host == EVERYWHERE else bind.host, bind.port)


def reach(settings: Settings, network: Network, nat: Nat | None) -> Reach:
    """How this center is reached, as far as it is written; `usable` tells whether it can be."""
    bind = _bind(settings, network)
    secure = isinstance(settings.tls, TlsFiles) or (settings.tls == "auto" and network == "open")
    nat = nat if network == "open" else None
    host = str(nat.public_address) if nat else own_address() if bind.host == EVERYWHERE else bind.host
    return Reach(network, bind, host, secure, nat)


def usable(where: Reach) -> Reach:
    """The same with an address in place of a name. Raises SettingsError when it cannot be so.

    Blocking: a name is looked up."""
    address = _address(where)
    _check_who_reaches(where, address)
    if where.secure and where.bind.port == LAST_PORT:
        _refuse(where, "leaves no port for TLS, which takes the next one", "Set a lower port, or THROUGHLINE_TLS=off.")
    if where.nat:
        _check_nat(where.nat, IPv4Address(own_address() if address.is_unspecified else address))
    return replace(where, bind=HostPort(str(address), where.bind.port))


def own_address() -> str:
    """The address with which this machine goes out to others; its loopback when it has none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])


def _bind(settings: Settings, network: Network) -> HostPort:
    """An address that was set counts as it is; else the network decides who may reach the usual port."""
    opened = network == "open" and "sip" not in settings.model_fields_set
    return HostPort(EVERYWHERE, settings.sip.port) if opened else settings.sip


def _address(where: Reach) -> IPv4Address:
    host = where.bind.host
    try:
        address = ip_address(host)
    except ValueError:
        address = IPv4Address(_resolved(host))
    if isinstance(address, IPv4Address):
        return address
    _refuse(where, "is IPv6, which calls do not take yet", "Write an IPv4 address.")


def _resolved(name: str) -> str:
    try:
        return socket.gethostbyname(name)
    except OSError as error:
        raise SettingsError(f"THROUGHLINE_SIP names {name}, which leads nowhere. Write an address.") from error


def _check_who_reaches(where: Reach, address: IPv4Address) -> None:
    port = where.bind.port
    if where.network == "loopback" and not address.is_loopback:
        problem = "would let others in, but center.yaml says `network: loopback`"
        _refuse(where, problem, f"Set `network: open` there, or THROUGHLINE_SIP={LOOPBACK}:{port}.")
    if where.network == "open" and address.is_loopback:
        problem = "is reached from this machine only, but center.yaml says `network: open`"
        remedy = f"Set THROUGHLINE_SIP={EVERYWHERE}:{port}, or the one address of this machine that others use."
        _refuse(where, problem, remedy)


def _check_nat(nat: Nat, own: IPv4Address) -> None:
    """Asterisk tells others the public address only in place of one that is local."""
    if own == nat.public_address or any(own in network for network in nat.local_networks):
        return
    raise SettingsError(
        f"center.yaml: nat.local_networks is without {own}, the address of this machine itself, so that callers would "
        "be told that one. Add it, or remove `nat:` when no router translates addresses."
    )


def _refuse(where: Reach, problem: str, remedy: str) -> NoReturn:
    raise SettingsError(f"THROUGHLINE_SIP is {where.bind}, which {problem}. {remedy}")
