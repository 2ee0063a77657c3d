"""After how long a phone that vanished without a word is noticed: every limit, in one table, and why it is so."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """Which of Asterisk's PJSIP objects an option belongs to."""

    AGENT = "an agent's endpoint"
    PHONE = "an agent's aor"
    DOOR = "a caller's endpoint: the loopback door and every trunk"


@dataclass(frozen=True, slots=True)
class Limit:
    """One option of Asterisk; `seconds` unless `value` is a word. `leg` is whose end it notices."""

    leg: str
    part: Part
    option: str
    value: int | str
    because: str


LIMITS: Final = (
    Limit("agent in a talk", Part.AGENT, "rtp_timeout", 30, "a phone in a talk always sends sound; networks stall"),
    Limit("agent on hold", Part.AGENT, "rtp_timeout_hold", 300, "a phone that holds may be silent"),
    Limit("agent in a talk", Part.AGENT, "rtp_keepalive", 15, "routers forget the way to a phone that hears nothing"),
    Limit("agent registered", Part.PHONE, "qualify_frequency", 15, "nothing is offered to a phone that is gone"),
    Limit("agent registered", Part.PHONE, "qualify_timeout", 3, "a phone on a bad line may need a second"),
    Limit("agent registered", Part.PHONE, "minimum_expiration", 30, "phones may register more often, not all the time"),
    Limit("agent registered", Part.PHONE, "default_expiration", 120, "a network that changed is found within minutes"),
    Limit("agent registered", Part.PHONE, "maximum_expiration", 120, "a network that changed is found within minutes"),
    Limit("caller waiting or talking", Part.DOOR, "rtp_timeout", 0, "who waits may be silent, as with her phone muted"),
    Limit("caller waiting or talking", Part.DOOR, "timers", "yes", "devices that offer timers are asked as they wish"),
    Limit("caller waiting or talking", Part.DOOR, "timers_sess_expires", 90, "the least that RFC 4028 allows"),
)


def options(part: Part) -> dict[str, str]:
    """What an object of Asterisk gets, by option."""
    return {limit.option: str(limit.value) for limit in LIMITS if limit.part is part}
