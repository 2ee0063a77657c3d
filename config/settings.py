"""What the environment says: where the state and the center lie, and which addresses are ours."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config.errors import FAULT, refuse, shown
from config.foreign import Foreign

PREFIX = "THROUGHLINE_"
ANY_ADDRESS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on
_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
LEAST_PORTS = 20
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]"
_HOST_PORT = re.compile(rf"({_HOST}):([0-9]{{1,5}})")
_URL = re.compile(rf"https?://(?:{_HOST})(?::[0-9]{{1,5}})?")
_PORTS = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")


class SettingsError(Exception):
    """Environment variables that cannot be used: one fault and its remedy a line, every one of them."""


@dataclass(frozen=True, slots=True)
class HostPort:
    """Where we listen; an IPv6 host is without its brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class PortRange:
    """UDP ports for media, both ends included; `low` is even, as RTP takes pairs."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A certificate with its chain, and its key, both PEM."""

    certificate: Path
    key: Path


Tls: TypeAlias = Literal["off", "auto"] | TlsFiles


def parse_host_port(written: object) -> HostPort:
    """`127.0.0.1:8080`, `name:8080` or `[::1]:8080` (inside a pydantic validator)."""
    if isinstance(written, HostPort):
        return written
    match = _HOST_PORT.fullmatch(str(written).strip())
    if match is None or not 1 <= int(match[2]) <= 65535:
        refuse(f"is {shown(written)}, which is not host:port", "Write it like 127.0.0.1:8080, with a port up to 65535.")
    return HostPort(match[1].strip("[]"), int(match[2]))


def parse_port_range(written: object) -> PortRange:
    """`10000-12000` (inside a pydantic validator)."""
    if isinstance(written, PortRange):
        return written
    match = _PORTS.fullmatch(str(written).strip())
    low, high = (int(match[1]), int(match[2])) if match else (0, 0)
    if low < 1024 or low % 2 or high > 65535 or high - low + 1 < LEAST_PORTS:
        remedy = f"Write it like 10000-12000: an even first port from 1024, at least {LEAST_PORTS} ports, up to 65535."
        refuse(f"is {shown(written)}, which is not a range of ports for media", remedy)
    return PortRange(low, high)


def parse_url(written: object) -> str:
    """`https://center.example.com`, without a path (inside a pydantic validator)."""
    if not _URL.fullmatch(url := str(written).strip().rstrip("/")):
        refuse(f"is {shown(written)}, which is no address of pages", "Write it like https://center.example.com.")
    return url


def parse_path(written: object) -> Path:
    """An absolute path; `~` and the working directory are resolved here, once."""
    try:
        return Path(str(written)).expanduser().absolute()
    except RuntimeError:
        refuse(f"is {shown(written)}, whose home directory is unknown", "Write the path in full.")


def parse_database(written: object) -> str:
    """The URL of a database."""
    if not re.fullmatch(r"(sqlite|postgresql)(\+[a-z]+)?://\S*", str(written)):
        refuse("is not the URL of a database", "Write it like postgresql://user@host/throughline.")
    return str(written)


def parse_tls(written: object) -> Tls:
    """`off`, `auto`, or `certificate:key`, two files (inside a pydantic validator)."""
    if isinstance(written, TlsFiles):
        return written
    match str(written).strip().split(":"):
        case ["off"]:
            return "off"
        case ["auto"]:
            return "auto"
        case [certificate, key] if certificate and key:
            return TlsFiles(parse_path(certificate), parse_path(key))
    refuse(f"is {shown(written)}, which is no choice", "Write off, auto, or two files like cert.pem:key.pem.")


Place = Annotated[Path, BeforeValidator(parse_path)]
Address = Annotated[HostPort, NoDecode, BeforeValidator(parse_host_port)]
Ports = Annotated[PortRange, NoDecode, BeforeValidator(parse_port_range)]


class Settings(BaseSettings):
    """The variables THROUGHLINE_HOME, _CENTER, _HTTP, _PUBLIC_URL, _SIP, _RTP, _TLS, _DATABASE and _ASTERISK; empty
    ones count as unset. `asterisk` is the one to use when it is not to be our own."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    home: Place | None = None
    center: Place | None = None
    http: Address = HostPort("127.0.0.1", 8080)
    sip: Address = HostPort("127.0.0.1", 5060)
    rtp: Ports = PortRange(10000, 12000)
    public_url: Annotated[str, BeforeValidator(parse_url)] | None = None
    tls: Annotated[Tls, NoDecode, BeforeValidator(parse_tls)] = "auto"
    database: Annotated[str, BeforeValidator(parse_database)] | None = None
    asterisk: Foreign = None

    @classmethod
    def read(cls) -> "Settings":
        """The settings of this process's environment; raises SettingsError with every fault."""
        try:
            return cls()
        except ValidationError as wrong:
            raise SettingsError("\n".join(_explain(detail) for detail in wrong.errors())) from None

    def center_in(self, home: Path) -> Path:
        """The folder of the center that is run, for a state directory `home`."""
        return self.center or home / "center"


def is_encrypted(settings: Settings) -> bool:
    """Whether pages come by HTTPS: off loopback they do, unless somebody else sees to that (THROUGHLINE_TLS=off)."""
    return settings.tls != "off" and settings.http.host not in _THIS_MACHINE


def _explain(detail: ErrorDetails) -> str:
    variable = PREFIX + "_".join(str(key) for key in detail["loc"][:1]).upper().removeprefix(PREFIX)
    if detail["type"] == FAULT:
        return f"{variable} {detail['ctx']['problem']}. {detail['ctx']['remedy']}"
    return f"{variable} is {shown(detail['input'])}, which is wrong: {detail['msg']}."
