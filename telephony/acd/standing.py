"""What an agent is to the router, in one line: since when, and what ends it. Pure, and of one mind with eligibility."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telephony.acd.candidate import Candidate
from telephony.agent import Presence
from telephony.assignment import AssignmentState


class Standing(StrEnum):
    """The reason that decides; of several, the one that the router names."""

    FREE = "free"
    OFFERED = "offered"
    TALKING = "talking"
    HELD = "held"
    WRAP_UP = "wrap_up"
    OWN_CALL = "own_call"
    AWAY = "away"
    OFFLINE = "offline"
    UNRESPONSIVE = "unresponsive"
    PHONE = "phone"
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class Words:
    """A standing as a sentence, and what ends it; `{}` stands for what is wrong with her phone."""

    text: str
    ends: str


_S = Standing
WORDS: Final[Mapping[Standing, Words]] = {
    _S.FREE: Words("Free for the next contact", "when one is offered to her"),
    _S.OFFERED: Words("Her phone rings", "when she answers or refuses, or her ring time is over"),
    _S.TALKING: Words("Talks with a customer", "when one of them leaves"),
    _S.HELD: Words("Has a customer on hold", "when she takes the call back, or one of them leaves"),
    _S.WRAP_UP: Words("Finishes her last contact", "when her wrap-up time is over"),
    _S.OWN_CALL: Words("Makes a call of her own", "when she hangs up"),
    _S.AWAY: Words("Away", "when she or a supervisor makes her available"),
    _S.OFFLINE: Words("Signed out", "when she signs in"),
    _S.UNRESPONSIVE: Words("Did not answer her last call", "when half a minute is over, or she chooses otherwise"),
    _S.PHONE: Words("Her phone {}", "when her phone can be reached again"),
    _S.RESTING: Words("Her phone just failed", "when it has had ten seconds, or registers anew"),
}
_OF_ASSIGNMENTS: Final[Mapping[str, Standing]] = {
    AssignmentState.OFFERED: _S.OFFERED,
    AssignmentState.ACCEPTED: _S.TALKING,
    AssignmentState.ACTIVE: _S.TALKING,
    AssignmentState.HELD: _S.HELD,
    AssignmentState.WRAP_UP: _S.WRAP_UP,
}


def standing(agent: Candidate, now: float) -> Standing:
    """How she stands at a monotonic second, by the same order of reasons as `eligibility.free`."""
    if agent.presence != Presence.AVAILABLE:
        return Standing(agent.presence)
    if agent.trouble:
        return _S.PHONE
    if agent.busy_with:
        return _OF_ASSIGNMENTS.get(agent.busy_with, _S.OWN_CALL)
    return _S.RESTING if agent.resting_until > now else _S.FREE


def words(standing: Standing, trouble: str) -> Words:
    """The sentences."""
    known = WORDS[standing]
    return Words(known.text.format(trouble), known.ends)
