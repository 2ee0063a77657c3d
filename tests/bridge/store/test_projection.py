"""What each fact changes in the store, and that the store's columns hold it in any database."""

import functools
import operator
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, String, Table, create_engine, insert, select

from bridge.interaction import InteractionState
from bridge.journal import Entry
from bridge.store.projection import changes, content_rows, fact_rows
from bridge.store.tables import assignments, contacts, contents, facts, interactions, metadata
from config.fields import NAME
from telephony.assignment import AssignmentState
from telephony.contact import ContactState, Medium
from telephony.events import ContactMoved, Fact, InteractionMoved, ReachabilityChanged
from tests.bridge.facts_of_calls import FACTS, a_call

JOURNAL = "01993c2e-0000-7000-8000-000000000000"


@pytest.fixture
def database(store_url: str) -> Iterator[Connection]:
    engine = create_engine(store_url.replace("postgresql:", "postgresql+psycopg:"))
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def recorded(facts: Sequence[Fact]) -> list[Entry]:
    """Facts as the journal gives them back, at `t1`, `t2`, ..."""
    return [_entry(number, fact) for number, fact in enumerate(facts, 1)]


def _entry(sequence: int, fact: Fact) -> Entry:
    body: dict[str, Any] = msgspec.to_builtins(fact)
    kept = {name: body.pop(name) for name in fact.contents}
    return Entry(sequence, f"t{sequence}", body.pop("type"), body.pop("interaction_id"), body, kept)


def project(database: Connection, entries: Sequence[Entry]) -> None:
    for change in (change for entry in entries for change in changes(entry)):
        database.execute(change)


def only_row(database: Connection, table: Table) -> dict[str, Any]:
    (row,) = database.execute(select(table)).mappings()
    return dict(row)


def test_a_call_becomes_one_row_of_each_kind_with_its_times(database: Connection) -> None:
    entries = recorded(a_call(agent="carla"))
    project(database, entries)
    at = {(entry.type, entry.body.get("now")): entry.at for entry in entries}
    interaction, contact, assignment = (only_row(database, each) for each in (interactions, contacts, assignments))
    assert interaction == {
        "id": entries[0].interaction_id,
        "state": "closed",
        "opened_at": at["InteractionOpened", None],
        "closed_at": at["InteractionMoved", "closed"],
    }
    assert contact | {"id": "", "interaction_id": ""} == {
        "id": "",
        "interaction_id": "",
        "medium": "voice",
        "address": "1000",
        "state": "closed",
        "queue": "sales",
        "sequence": 7,
        "arrived_at": at["ContactArrived", None],
        "ended_at": at["ContactMoved", "closed"],
    }
    assert (assignment["agent"], assignment["state"], assignment["contact_id"]) == ("carla", "done", contact["id"])
    assert (assignment["offered_at"], assignment["accepted_at"], assignment["ended_at"]) == (
        at["AssignmentMoved", "offered"],
        at["AssignmentMoved", "accepted"],
        at["AssignmentMoved", "done"],
    )


@pytest.mark.parametrize("length", range(1, 18))
def test_at_every_moment_the_rows_stand_where_the_facts_do(database: Connection, length: int) -> None:
    entries = recorded(a_call())[:length]
    project(database, entries)
    for type, table in {"ContactMoved": contacts, "AssignmentMoved": assignments}.items():
        states = [entry.body["now"] for entry in entries if entry.type == type]
        if states:
            assert only_row(database, table)["state"] == states[-1]


def test_a_reopened_interaction_is_not_closed(database: Connection) -> None:
    call = a_call()
    again = InteractionMoved(interaction_id=call[0].interaction_id, was="closed", now="open")
    project(database, recorded([*call, again]))
    row = only_row(database, interactions)
    assert (row["state"], row["closed_at"]) == ("open", None)


def test_a_fact_without_consequences_is_kept_all_the_same() -> None:
    (entry,) = recorded([ReachabilityChanged(agent="ana", reachable=True)])
    assert changes(entry) == []
    assert fact_rows(JOURNAL, [entry]) == [
        {
            "journal": JOURNAL,
            "sequence": 1,
            "at": "t1",
            "type": "ReachabilityChanged",
            "interaction_id": "",
            "body": {"agent": "ana", "reachable": True, "reason": ""},
        }
    ]


def test_contents_lie_beside_their_facts(database: Connection) -> None:
    entries = recorded(a_call(customer="+49301", name="Ada"))
    database.execute(insert(facts), fact_rows(JOURNAL, entries))
    database.execute(insert(contents), content_rows(JOURNAL, entries))
    kept = {(row.sequence, row.field): row.value for row in database.execute(select(contents))}
    entered = next(entry.sequence for entry in entries if entry.type == "NodeEntered")
    assert kept == {(1, "customer"): "+49301", (1, "customer_name"): "Ada", (entered, "variables"): {"said": "Ada"}}


def test_a_state_of_a_later_version_is_shown_as_it_is(database: Connection) -> None:
    call = a_call()
    later = ContactMoved(interaction_id="i", contact_id=call[0].contact_id, was="closed", now="archived")  # type: ignore[attr-defined]
    project(database, recorded([*call, later]))
    assert only_row(database, contacts)["state"] == "archived"


@pytest.mark.parametrize("type", ["ContactArrived", "ContactMoved", "AssignmentMoved", "InteractionMoved"])
@pytest.mark.parametrize("body", [{}, [], None, {"now": []}, {"was": "", "now": {}}])
def test_a_shape_of_another_version_is_told_by_an_error_and_no_other(type: str, body: Any) -> None:
    with pytest.raises((LookupError, TypeError)):
        changes(Entry(1, "t1", type, "i", body, {}))


def _width(column: str) -> int:
    widths = {
        found.type.length
        for table in metadata.sorted_tables
        if (found := table.c.get(column)) is not None and isinstance(found.type, String) and found.type.length
    }
    return min(widths)


def test_columns_are_wide_enough_for_a_database_that_counts() -> None:
    states = (*ContactState, *AssignmentState, *InteractionState)
    assert max(map(len, states)) <= _width("state")
    assert max(len(kind.__name__) for kind in FACTS) <= _width("type")
    assert max(map(len, functools.reduce(operator.add, (kind.contents for kind in FACTS)))) <= _width("field")
    assert max(map(len, Medium)) <= _width("medium")
    assert NAME.endswith("{0,39}")
    assert min(_width("agent"), _width("queue")) >= 40
