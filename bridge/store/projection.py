"""From one journal entry to rows of the store: idempotent, since each entry is projected with its sequence."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Executable, insert, update

from bridge.journal import Entry
from bridge.store.tables import assignments, contacts, contents, facts, interactions
from telephony import assignment, contact
from telephony.assignment import AssignmentState
from telephony.contact import ContactState

Statements = list[Executable]


def statements(entry: Entry) -> Statements:
    """What an entry changes: always its own row, and what its type says."""
    own: Statements = [
        insert(facts).values(
            sequence=entry.sequence,
            at=entry.at,
            type=entry.type,
            interaction_id=entry.interaction_id,
            body=entry.body,
        )
    ]
    own += [insert(contents).values(sequence=entry.sequence, field=name, value=v) for name, v in entry.contents.items()]
    return own + _PROJECTIONS.get(entry.type, _nothing)(entry)


def _nothing(_: Entry) -> Statements:
    return []


def _interaction_opened(entry: Entry) -> Statements:
    return [insert(interactions).values(id=entry.interaction_id, state="open", opened_at=entry.at)]


def _interaction_moved(entry: Entry) -> Statements:
    now = entry.body["now"]
    closed_at = entry.at if now == "closed" else None
    return [
        update(interactions).where(interactions.c.id == entry.interaction_id).values(state=now, closed_at=closed_at)
    ]


def _contact_arrived(entry: Entry) -> Statements:
    return [
        insert(contacts).values(
            id=entry.body["contact_id"],
            interaction_id=entry.interaction_id,
            medium=entry.body["medium"],
            address=entry.body["address"],
            state=ContactState.ARRIVED,
            arrived_at=entry.at,
        )
    ]


def _contact_moved(entry: Entry) -> Statements:
    values: dict[str, Any] = {name: entry.body[name] for name in ("queue", "sequence")} | {"state": entry.body["now"]}
    if not contact.TRANSITIONS[ContactState(entry.body["now"])]:
        values["ended_at"] = entry.at
    return [update(contacts).where(contacts.c.id == entry.body["contact_id"]).values(values)]


def _assignment_moved(entry: Entry) -> Statements:
    return [_new_assignment(entry) if entry.body["was"] == "" else _changed_assignment(entry)]


def _new_assignment(entry: Entry) -> Executable:
    return insert(assignments).values(
        id=entry.body["assignment_id"],
        contact_id=entry.body["contact_id"],
        interaction_id=entry.interaction_id,
        agent=entry.body["agent"],
        queue=entry.body["queue"],
        medium=entry.body["medium"],
        state=entry.body["now"],
        offered_at=entry.at,
    )


def _changed_assignment(entry: Entry) -> Executable:
    values = {"state": entry.body["now"]}
    if entry.body["now"] == AssignmentState.ACCEPTED:
        values["accepted_at"] = entry.at
    if not assignment.TRANSITIONS[AssignmentState(entry.body["now"])]:
        values["ended_at"] = entry.at
    return update(assignments).where(assignments.c.id == entry.body["assignment_id"]).values(values)


_PROJECTIONS: Final[Mapping[str, Callable[[Entry], Statements]]] = {
    "InteractionOpened": _interaction_opened,
    "InteractionMoved": _interaction_moved,
    "ContactArrived": _contact_arrived,
    "ContactMoved": _contact_moved,
    "AssignmentMoved": _assignment_moved,
}
