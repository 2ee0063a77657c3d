"""What must hold of a contact's place, whoever served her and however often they changed: told once, in order, with
her wait counted from its beginning, and never sent back to the beginning of her flow."""

from collections.abc import Iterator

from telephony.events import AgentPicked, AssignmentMoved, ContactArrived, ContactMoved, LegMoved, NodeEntered
from telephony.leg import Party
from telephony.witness import WHY
from tests.playbook.evidence import Evidence, Told
from tests.playbook.idleness import passed_over_until

_IN_QUEUE = {"queued", "offered"}


def every_caller_is_told_once(evidence: Evidence) -> Iterator[str]:
    """One call is one contact."""
    contacts: dict[str, str] = {}
    arrived = [told.fact.contact_id for told in evidence.facts if isinstance(told.fact, ContactArrived)]
    yield from (f"{id} arrived {arrived.count(id)} times" for id in set(arrived) if arrived.count(id) > 1)
    for told in evidence.facts:
        if isinstance(fact := told.fact, LegMoved) and fact.party == Party.CALLER:
            first = contacts.setdefault(fact.leg_id, fact.contact_id)
            if first != fact.contact_id:
                yield f"the call {fact.leg_id} is {first}, and at {told.at:.3f} also {fact.contact_id}"


def the_first_is_served_first(evidence: Evidence) -> Iterator[str]:
    """Of a queue's contacts that an agent could be offered, she is offered the one that came first."""
    waiting: dict[str, ContactMoved] = {}
    passed_over: dict[tuple[str, str], float] = {}
    for told in evidence.facts:
        match told.fact:
            case ContactMoved(contact_id=id, now=now) as fact:
                if now == "offered":
                    yield from _overtaken(told, fact, waiting, passed_over)
                waiting.pop(id, None)
                waiting |= {id: fact} if now == "queued" else {}
            case AssignmentMoved() as fact if (until := passed_over_until(told.at, fact)) is not None:
                passed_over[fact.agent, fact.contact_id] = until


def _overtaken(
    told: Told, offered: ContactMoved, waiting: dict[str, ContactMoved], passed_over: dict[tuple[str, str], float]
) -> Iterator[str]:
    for id, other in waiting.items():
        earlier = other.queue == offered.queue and (other.sequence or 0) < (offered.sequence or 0)
        if earlier and passed_over.get((offered.reason, id), 0.0) < told.at:
            yield f"{offered.contact_id} was offered to {offered.reason} at {told.at:.3f}, before {id}"


def waits_are_counted_from_their_beginning(evidence: Evidence) -> Iterator[str]:
    """What is told of a wait is as long as it was."""
    since: dict[str, float] = {}
    for told in evidence.facts:
        match told.fact:
            case ContactMoved(contact_id=id, was=was, now="queued", reason=reason) if was not in _IN_QUEUE:
                since |= {} if reason == WHY else {id: told.at}
            case AgentPicked(contact_id=id, waited=waited) if id in since:
                if abs(told.at - since[id] - waited) > evidence.grain:
                    yield f"{id} waited {told.at - since[id]:.3f} s at {told.at:.3f}, and was told to have {waited} s"


def nobody_begins_anew(evidence: Evidence) -> Iterator[str]:
    """Who has waited is not sent to the beginning of her flow."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    waited_in: dict[str, str] = {}
    for told in evidence.facts:
        match told.fact:
            case NodeEntered(contact_id=id, node=node):
                first.setdefault(id, node)
                last[id] = node
                if id in waited_in and node == first[id] != waited_in[id]:
                    yield f"{id} waited in {waited_in[id]}, and at {told.at:.3f} began anew in {node}"
            case ContactMoved(contact_id=id, now="queued"):
                waited_in[id] = last.get(id, "")
