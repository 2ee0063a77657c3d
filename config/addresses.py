"""IPv4 addresses and networks as an administrator writes them."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator

from config.errors import refuse, shown

WIDEST_TRUSTED = 16
_LIKE = "Write numbers like 192.0.2.10: what a name leads to can change unseen."
_LIKE_NETWORK = "Write numbers like 192.0.2.10, or 192.0.2.0/24 for a network: what a name leads to can change unseen."


def parse_network(written: object) -> IPv4Network:
    """An address or a network (inside a pydantic validator)."""
    try:
        return IPv4Network(str(written))
    except ValueError:
        refuse(f"is {shown(written)}, which is not an IPv4 address or network", _remedy(str(written)))


def _remedy(text: str) -> str:
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        return _LIKE_NETWORK
    return f"Write {network} for the whole network, or {text.partition('/')[0]} for that address alone."


def _parse_public(written: object) -> IPv4Address:
    try:
        address = IPv4Address(str(written))
    except ValueError:
        refuse(f"is {shown(written)}, which is not an IPv4 address", _LIKE)
    if address.is_unspecified or address.is_loopback or address.is_multicast:
        refuse(f"is {address}, at which nobody else reaches us", "Write the address that others reach.")
    return address


def _trusted(network: IPv4Network) -> IPv4Network:
    """A network from which calls are taken without a login: never everybody, never ourselves."""
    if network.is_loopback or network.is_multicast or network.network_address.is_unspecified:
        refuse(f"is {network}, where no caller is", "Write the caller's own addresses; this machine needs no trunk.")
    if network.prefixlen < WIDEST_TRUSTED:
        remedy = (
            f"Write the caller's own addresses, at most a /{WIDEST_TRUSTED}: whoever has one calls without a login."
        )
        refuse(f"is {network}, which is far too wide", remedy)
    return network


def _apart(networks: Sequence[IPv4Network]) -> Sequence[IPv4Network]:
    if not networks:
        refuse("is empty", "Write at least one.")
    for index, network in enumerate(networks):
        if any(network.overlaps(other) for other in networks[:index]):
            refuse(f"holds {network} twice", "Write each address once.")
    return networks


PublicAddress: TypeAlias = Annotated[IPv4Address, BeforeValidator(_parse_public)]
_Network: TypeAlias = Annotated[IPv4Network, BeforeValidator(parse_network)]
Networks: TypeAlias = Annotated[tuple[_Network, ...], AfterValidator(_apart)]
TrustedNetworks: TypeAlias = Annotated[
    tuple[Annotated[_Network, AfterValidator(_trusted)], ...], AfterValidator(_apart)
]

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
