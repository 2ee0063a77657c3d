"""What center.yaml, queues.yaml, agents.yaml and hours.yaml may hold."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from config.addresses import PRIVATE, Networks, PublicAddress, TrustedNetworks
from config.durations import Seconds, between
from config.fields import (
    DialledNumber,
    Extension,
    Language,
    Login,
    Name,
    Timezone,
    Title,
    at_least_one,
    distinct,
    one_of,
)
from config.hours import Opening
from config.week import each_day_once, parse_date, parse_days, parse_opening, without_overlap

Network: TypeAlias = Literal["loopback", "open"]
Codec: TypeAlias = Literal["ulaw", "alaw", "g722"]


class Section(BaseModel):
    """A part of a file: what it declares is all it may hold. `name`, where declared, is its key in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Number(Section):
    """What answers a dialled number."""

    flow: str


class Nat(Section):
    """How the world reaches a center behind a router that translates addresses (NAT).

    `media_address` None means that sound comes by the public address too; `local_networks` are on our side of it.
    """

    public_address: PublicAddress
    media_address: PublicAddress | None = None
    local_networks: Networks = PRIVATE


class Trunk(Section):
    """A carrier, or another telephone system: calls from its addresses need no login. `codecs`: the best first."""

    hosts: TrustedNetworks
    codecs: Annotated[
        tuple[Annotated[Codec, one_of("ulaw", "alaw", "g722")], ...],
        AfterValidator(distinct("codec")),
        AfterValidator(at_least_one),
    ] = ("ulaw", "alaw", "g722")


class UnattendedSection(Section):
    """What callers meet while no controller is there; seconds. `ring` are logins of agents, whose phones ring all at
    once, for `ring_for`, when a caller has heard music for `give_up_after`."""

    answer_after: Annotated[Seconds, between(1, 20)] = 15.0
    give_up_after: Annotated[Seconds, between(1, 3600)] = 300.0
    ring: Annotated[tuple[Login, ...], AfterValidator(distinct("agent"))] = ()
    ring_for: Annotated[Seconds, between(5, 120)] = 30.0


class CenterSection(Section):
    """center.yaml. `nat` None means that others reach us by the address that we have."""

    name: Title
    timezone: Timezone
    language: Language = "en"
    network: Annotated[Network, one_of("loopback", "open")] = "loopback"
    nat: Nat | None = None
    trunks: dict[Name, Trunk] = {}
    numbers: dict[DialledNumber, Number] = {}
    unattended: UnattendedSection = UnattendedSection()


class Queue(Section):
    """A line in which contacts wait. Durations in seconds; `max_wait` and `hours` None mean no limit."""

    name: Name
    title: Title
    strategy: str = "longest_idle"
    ring_time: Annotated[Seconds, between(5, 120)] = 20.0
    wrap_up: Annotated[Seconds, between(0, 600)] = 10.0
    max_wait: Annotated[Seconds, between(1, 24 * 3600)] | None = None
    music: str = "default"
    hours: str | None = None
    service_level: Annotated[Seconds, between(1, 3600)] = 20.0


class Agent(Section):
    """A person who takes contacts; `name` is the login."""

    name: Login
    title: Title
    extension: Extension
    queues: Annotated[tuple[str, ...], AfterValidator(distinct("queue"))]


DayOpenings: TypeAlias = Annotated[
    tuple[Annotated[Opening, BeforeValidator(parse_opening)], ...], AfterValidator(without_overlap)
]


Days: TypeAlias = Annotated[str, AfterValidator(parse_days)]
Day: TypeAlias = Annotated[date, BeforeValidator(parse_date)]


class HolidaySection(Section):
    """A day that differs from its weekday: closed, or open as written."""

    name: Title
    open: DayOpenings = ()


def _named(written: object) -> object:
    return {"name": written} if isinstance(written, str) else written


class HoursSection(Section):
    """An entry of hours.yaml."""

    name: Name
    timezone: Timezone | None = None
    week: Annotated[dict[Days, DayOpenings], AfterValidator(each_day_once)]
    holidays: dict[Day, Annotated[HolidaySection, BeforeValidator(_named)]] = {}
