"""Facts of callers who may want to be called back, as changes of the store: pure, and the same when told again."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Executable, Table, delete, insert

from bridge.interaction import InteractionState
from bridge.journal import Entry
from bridge.store.tables import contacts, cut_offs, interactions
from telephony.contact import ContactState, Medium

UNSERVED: Final = "unserved"


def _cut_off(entry: Entry) -> list[Executable]:
    queue = None if entry.body["queue"] is None else _text(entry, "queue")
    values = {"interaction_id": entry.interaction_id, "at": entry.at, "state": _text(entry, "state"), "queue": queue}
    return _replaced(cut_offs, "contact_id", _text(entry, "contact_id"), values)


def _unserved(entry: Entry) -> list[Executable]:
    """A whole matter at once: nobody was there to open one when she called."""
    at = datetime.fromisoformat(_text(entry, "turned_away_at")).astimezone(UTC).isoformat()
    contact, matter = _text(entry, "contact_id"), entry.interaction_id
    interaction = {"state": InteractionState.CLOSED.value, "opened_at": at, "closed_at": at}
    call = {
        "interaction_id": matter,
        "medium": Medium.VOICE.value,
        "address": _text(entry, "address"),
        "state": ContactState.ABANDONED.value,
        "arrived_at": at,
        "ended_at": at,
    }
    return [
        *_replaced(interactions, "id", matter, interaction),
        *_replaced(contacts, "id", contact, call),
        *_replaced(cut_offs, "contact_id", contact, {"interaction_id": matter, "at": at, "state": UNSERVED}),
    ]


def _text(entry: Entry, name: str) -> str:
    if not isinstance(value := entry.body[name], str):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def _replaced(table: Table, key: str, id: str, values: Mapping[str, object]) -> list[Executable]:
    return [delete(table).where(table.c[key] == id), insert(table).values({key: id, **values})]


CHANGES: Final[Mapping[str, Callable[[Entry], list[Executable]]]] = {
    "CallCutOff": _cut_off,
    "CallerUnserved": _unserved,
}
