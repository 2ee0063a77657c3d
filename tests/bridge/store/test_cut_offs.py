"""Callers who may want to be called back, as the store keeps them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bridge.journal import Entry
from bridge.store.cut_offs import CHANGES, UNSERVED
from bridge.store.tables import contacts, cut_offs, interactions
from telephony.events import CallCutOff
from tests.bridge.facts_of_calls import a_call_cut_off, a_caller_unserved
from tests.bridge.store.test_projection import database, only_row, project, recorded

__all__ = ["database"]


def test_a_call_cut_off_is_kept_with_its_moment_and_state(database: Connection) -> None:
    entries = recorded(a_call_cut_off())
    project(database, entries)
    cut = next(entry for entry in entries if entry.type == "CallCutOff")
    assert only_row(database, cut_offs) == {
        "contact_id": cut.body["contact_id"],
        "interaction_id": cut.interaction_id,
        "at": cut.at,
        "state": "queued",
        "queue": "sales",
    }
    assert only_row(database, interactions)["state"] == "closed"


def test_a_caller_in_no_queue_is_kept_too(database: Connection) -> None:
    project(database, recorded([CallCutOff(interaction_id="i", contact_id="c", state="arrived")]))
    assert only_row(database, cut_offs)["queue"] is None


def test_who_was_turned_away_has_a_whole_matter_of_the_time_when_she_called(database: Connection) -> None:
    told = a_caller_unserved(at="2026-01-05T10:00:00+01:00")
    project(database, recorded([told]))
    called = datetime(2026, 1, 5, 9, tzinfo=UTC).isoformat()
    assert only_row(database, cut_offs)["state"] == UNSERVED
    contact, interaction = only_row(database, contacts), only_row(database, interactions)
    assert (contact["state"], contact["address"], contact["ended_at"]) == ("abandoned", "1000", called)
    assert (interaction["state"], interaction["opened_at"]) == ("closed", called)


def test_what_is_told_again_changes_nothing(database: Connection) -> None:
    entries = recorded([a_caller_unserved(), *a_call_cut_off()])
    project(database, entries)
    once = [database.execute(select(table)).all() for table in (interactions, contacts, cut_offs)]
    project(database, [entry for entry in entries if entry.type in CHANGES])
    assert sorted(database.execute(select(cut_offs)).all()) == sorted(once[2])
    assert len(database.execute(select(interactions)).all()) == len(once[0])


@pytest.mark.parametrize("type", CHANGES)
@pytest.mark.parametrize(
    "body", [{}, [], None, {"contact_id": [], "state": 1, "queue": None}, {"turned_away_at": "soon"}]
)
def test_a_shape_of_another_version_is_told_by_an_error(type: str, body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        CHANGES[type](Entry(1, "t1", type, "i", body, {}))
