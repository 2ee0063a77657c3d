"""An interaction's story in plain words: pure, from its facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bridge.journal import Entry
from telephony.quality import POOR


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when, how many seconds after the beginning, and in words; `because` explains it."""

    at: datetime
    after: float
    text: str
    because: tuple[str, ...] = ()


def tell(entries: Sequence[Entry]) -> list[Line]:
    """The lines of a story, in order; facts that only repeat others are left out.

    What a customer or a phone sent stands in them as it came: whoever shows them makes it harmless for his medium."""
    lines: list[Line] = []
    for entry in entries:
        if words := _words(entry):
            at = datetime.fromisoformat(entry.at)
            began = lines[0].at if lines else at
            lines.append(Line(at, (at - began).total_seconds(), *words))
    return lines


Words = tuple[str, tuple[str, ...]] | None


def _words(entry: Entry) -> Words:
    if (told := _TOLD.get(entry.type)) is None:
        return None
    try:
        return told({**entry.body, **entry.contents})
    except (LookupError, TypeError, ValueError, ArithmeticError):
        return f"{entry.type}, which another version recorded in its own way", ()


def _arrived(it: Mapping[str, Any]) -> Words:
    who = " ".join(part for part in (it.get("customer_name"), it.get("customer")) if part) or "somebody unknown"
    return f"{who} reached {it['address']} by {it['medium']}", ()


def _contact(it: Mapping[str, Any]) -> Words:
    match it["was"], it["now"]:
        case "arrived", "queued":
            return f"waits in the queue {it['queue']}", ()
        case "offered", "queued":
            return f"goes on waiting in {it['queue']}, age kept", ()
        case _, "connected":
            return "talks with the agent", ()
        case "connected", "arrived":
            return "is alone again: the agent left", ()
        case _, "abandoned":
            return f"gave up: {it['reason']}", ()
        case _, "closed":
            return f"contact closed: {it['reason']}", ()
        case _, "arrived":
            return f"left the queue {it['queue']}: {it['reason']}", ()
    return None


_ASSIGNMENT: Final = {
    "refused": "{agent} did not take it ({reason})",
    "unanswered": "{agent} did not answer",
    "withdrawn": "the offer to {agent} was withdrawn: {reason}",
    "accepted": "{agent} answered",
    "held": "{agent} put the call on hold",
    "wrap_up": "{agent} is wrapping up",
    "done": "{agent} is done",
}


def _assignment(it: Mapping[str, Any]) -> Words:
    words = _ASSIGNMENT.get(it["now"])
    return (words.format(**it), ()) if words and it["was"] else None


def _picked(it: Mapping[str, Any]) -> Words:
    others = tuple(
        f"{each['agent']}: {each['because']}" + (" (picked)" if each["agent"] == it["agent"] else "")
        for each in it["considered"]
    )
    text = f"is offered to {it['agent']} after {it['waited']:.1f} s, at position {it['position']}, by {it['strategy']}"
    return text, others


def _leg(it: Mapping[str, Any]) -> Words:
    match it["party"], it["now"]:
        case "agent", "ringing":
            return "the agent's phone rings", ()
        case "caller", "up":
            return "the call is answered", ()
        case party, "ended":
            return f"the {party}'s leg ended: {it['reason']}", ()
    return None


def _quality(it: Mapping[str, Any]) -> Words:
    if it["mos"] is None or it["mos"] >= POOR:
        return None
    lost = max(it["loss"] or 0.0, it["loss_there"] or 0.0)
    late = f", {it['round_trip'] * 1000:.0f} ms there and back" if it["round_trip"] else ""
    return f"the {it['party']}'s line was poor (MOS {it['mos']:.1f}): {lost:.0%} of the packets lost{late}", ()


def _entered(it: Mapping[str, Any]) -> Words:
    return f"flow {it['flow']}: {it['node']}", ()


def _left(it: Mapping[str, Any]) -> Words:
    return (f"flow {it['flow']}: {it['node']} left by {it['exit']}", ()) if it["exit"] != "done" else None


_CUT_OFF: Final = {
    "arrived": "was cut off in the menu",
    "queued": "was cut off while she waited in {queue}",
    "offered": "was cut off while an agent's phone rang for her, from {queue}",
    "connected": "was cut off while she talked with the agent",
}


def _cut_off(it: Mapping[str, Any]) -> Words:
    words = _CUT_OFF.get(it["state"], "was cut off")
    return f"{words.format(queue=it['queue'])}: she may want to be called back", ()


def _unserved(it: Mapping[str, Any]) -> Words:
    who = it.get("customer") or "somebody unknown"
    return f"{who} reached {it['address']} while nobody was in control, and was turned away", ()


def _interaction(it: Mapping[str, Any]) -> Words:
    return f"interaction {it['now']}: {it['reason']}", ()


def _illegal(it: Mapping[str, Any]) -> Words:
    return f"a bug of ours: {it['concept']} was asked to go from {it['was']} to {it['asked']}", ()


_TOLD: Final[Mapping[str, Callable[[Mapping[str, Any]], Words]]] = {
    "ContactArrived": _arrived,
    "ContactMoved": _contact,
    "AssignmentMoved": _assignment,
    "AgentPicked": _picked,
    "LegMoved": _leg,
    "LegQuality": _quality,
    "NodeEntered": _entered,
    "NodeLeft": _left,
    "CallCutOff": _cut_off,
    "CallerUnserved": _unserved,
    "InteractionMoved": _interaction,
    "IllegalMove": _illegal,
}
