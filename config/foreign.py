"""An Asterisk that we did not start: where its two doors are, and how we are known there."""

from dataclasses import dataclass, field
from typing import Annotated, NoReturn, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from config.errors import refuse

ARI_PORT = 8088
AMI_PORT = 5038
_LIKE = "Write it like http://USER:PASSWORD@127.0.0.1:8088,ami://USER:PASSWORD@127.0.0.1:5038."


@dataclass(frozen=True, slots=True)
class Door:
    """A host, a port, and a login there; an IPv6 host is without its brackets."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForeignAsterisk:
    """Its REST interface (ARI) and its manager interface (AMI)."""

    ari: Door
    ami: Door


def parse_foreign(written: object) -> ForeignAsterisk | None:
    """`ari-url,ami-url`, percent-encoded where a password holds @ : / , or % (inside a pydantic validator)."""
    if written is None or isinstance(written, ForeignAsterisk):
        return written
    match str(written).strip().split(","):
        case [ari, ami]:
            return ForeignAsterisk(_door(ari.strip(), "http", ARI_PORT), _door(ami.strip(), "ami", AMI_PORT))
    _refuse("is not two URLs with a comma between them")


def _door(url: str, scheme: str, port: int) -> Door:
    """What went wrong is told without the URL, which holds a password."""
    try:
        parts = urlsplit(url)
        door = Door(parts.hostname or "", parts.port or port, *_login(parts))
    except ValueError:
        _refuse(f"holds an {scheme} URL whose host or port cannot be read")
    if parts.scheme != scheme:
        _refuse(f"needs an {scheme} URL in its place: ARI first, then AMI")
    if not all((door.host, door.username, door.password)):
        _refuse(f"names no host, user or password in its {scheme} URL")
    if parts.path.strip("/") not in ("", "ari") or parts.query or parts.fragment:
        _refuse(f"holds more than a login, a host and a port in its {scheme} URL")
    return door


def _login(parts: SplitResult) -> tuple[str, str]:
    """A line end in it could smuggle in an action of the manager interface."""
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (username + password).isprintable():
        raise ValueError
    return username, password


def _refuse(problem: str) -> NoReturn:
    refuse(problem, _LIKE)


Foreign: TypeAlias = Annotated[ForeignAsterisk | None, NoDecode, BeforeValidator(parse_foreign)]
