"""From journal entries to rows of the store: pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Executable, delete, insert, update

from bridge.interaction import ASSIGNMENT_ENDS, CONTACT_ENDS
from bridge.journal import Entry
from bridge.store import cut_offs, people
from bridge.store.tables import assignments, contacts, interactions, presences, seats
from telephony.assignment import AssignmentState
from telephony.contact import ContactState

Row = dict[str, Any]
Changes = list[Executable]


def fact_rows(journal: str, entries: Iterable[Entry]) -> list[Row]:
    """The entries themselves, as rows of `facts`."""
    names = ("sequence", "at", "type", "interaction_id", "body")
    return [{"journal": journal} | {name: getattr(entry, name) for name in names} for entry in entries]


def content_rows(journal: str, entries: Iterable[Entry]) -> list[Row]:
    """What of them can be erased, as rows of `contents`."""
    return [
        {"journal": journal, "sequence": entry.sequence, "field": field, "value": value}
        for entry in entries
        for field, value in entry.contents.items()
    ]


def changes(entry: Entry) -> Changes:
    """What an entry changes by its type.

    Raises LookupError, TypeError or ValueError for one that another version wrote in a shape of its own."""
    return _CHANGES.get(entry.type, _nothing)(entry)


def _of(entry: Entry, name: str) -> str | int | None:
    """A field, as a column takes it."""
    value = entry.body[name]
    if not isinstance(value, str | int | None):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def _nothing(_: Entry) -> Changes:
    return []


def _interaction_opened(entry: Entry) -> Changes:
    return [insert(interactions).values(id=entry.interaction_id, state="open", opened_at=entry.at)]


def _interaction_moved(entry: Entry) -> Changes:
    now = _of(entry, "now")
    closed_at = entry.at if now == "closed" else None
    return [
        update(interactions).where(interactions.c.id == entry.interaction_id).values(state=now, closed_at=closed_at)
    ]


def _contact_arrived(entry: Entry) -> Changes:
    return [
        insert(contacts).values(
            id=_of(entry, "contact_id"),
            interaction_id=entry.interaction_id,
            medium=_of(entry, "medium"),
            address=_of(entry, "address"),
            state=ContactState.ARRIVED.value,
            arrived_at=entry.at,
        )
    ]


def _contact_moved(entry: Entry) -> Changes:
    values = {"queue": _of(entry, "queue"), "sequence": _of(entry, "sequence"), "state": _of(entry, "now")}
    if _of(entry, "now") in CONTACT_ENDS:
        values["ended_at"] = entry.at
    return [update(contacts).where(contacts.c.id == _of(entry, "contact_id")).values(values)]


def _assignment_moved(entry: Entry) -> Changes:
    return [_new_assignment(entry) if _of(entry, "was") == "" else _changed_assignment(entry)]


def _new_assignment(entry: Entry) -> Executable:
    return insert(assignments).values(
        id=_of(entry, "assignment_id"),
        contact_id=_of(entry, "contact_id"),
        interaction_id=entry.interaction_id,
        agent=_of(entry, "agent"),
        queue=_of(entry, "queue"),
        medium=_of(entry, "medium"),
        state=_of(entry, "now"),
        offered_at=entry.at,
    )


def _changed_assignment(entry: Entry) -> Executable:
    values = {"state": _of(entry, "now")}
    if _of(entry, "now") == AssignmentState.ACCEPTED:
        values["accepted_at"] = entry.at
    if _of(entry, "now") in ASSIGNMENT_ENDS:
        values["ended_at"] = entry.at
    return update(assignments).where(assignments.c.id == _of(entry, "assignment_id")).values(values)


def _presence_changed(entry: Entry) -> Changes:
    agent = _of(entry, "agent")
    now = {"state": _of(entry, "now"), "reason": _of(entry, "reason"), "since": entry.at}
    return [delete(presences).where(presences.c.agent == agent), insert(presences).values(agent=agent, **now)]


def _seat_changed(entry: Entry) -> Changes:
    agent = _of(entry, "agent")
    now = {"phone": _of(entry, "phone"), "since": entry.at}
    return [delete(seats).where(seats.c.agent == agent), insert(seats).values(agent=agent, **now)]


_CHANGES: Final[Mapping[str, Callable[[Entry], Changes]]] = {
    "InteractionOpened": _interaction_opened,
    "InteractionMoved": _interaction_moved,
    "ContactArrived": _contact_arrived,
    "ContactMoved": _contact_moved,
    "PresenceChanged": _presence_changed,
    "SeatChanged": _seat_changed,
    "AssignmentMoved": _assignment_moved,
    **cut_offs.CHANGES,
    **people.CHANGES,
}
