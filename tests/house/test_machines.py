"""Every state machine, wherever its table stands: whole, without dead ends, and never left by any sequence of moves."""

import importlib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.machine import IllegalTransition, advance, mermaid

PROJECT = Path(__file__).parents[2]
PACKAGES = ("config", "telephony", "ivr", "bridge")
Table = Mapping[Any, frozenset[Any]]


def tables() -> dict[str, Table]:
    """The table of every module that has one, by the name of its states."""
    files = (path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py")))
    owners = [path for path in files if "\nTRANSITIONS: " in path.read_text()]
    found = [importlib.import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts)) for path in owners]
    return {type(next(iter(module.TRANSITIONS))).__name__: module.TRANSITIONS for module in found}


TABLES = tables()
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())


def states(table: Table) -> type[StrEnum]:
    found: type[StrEnum] = type(next(iter(table)))
    return found


def reached(table: Table, start: StrEnum) -> set[StrEnum]:
    """Every state that can follow, soon or late."""
    found, ahead = set[StrEnum](), list(table[start])
    while ahead:
        if (state := ahead.pop()) not in found:
            found.add(state)
            ahead.extend(table[state])
    return found


def test_the_machines_of_the_design_are_there() -> None:
    assert TABLES.keys() >= {"ContactState", "AssignmentState", "LegState", "Presence", "InteractionState"}


@every_table
def test_a_table_tells_of_every_state_and_of_no_other(table: Table) -> None:
    assert list(table) == list(states(table))
    assert set().union(*table.values()) <= set(table)


@every_table
def test_no_state_follows_itself(table: Table) -> None:
    assert not [state for state, following in table.items() if state in following]


@every_table
def test_every_state_can_be_reached_from_the_first(table: Table) -> None:
    first = next(iter(table))
    assert reached(table, first) | {first} == set(table)


@every_table
def test_every_state_leads_to_an_end_or_where_there_is_none_back_to_the_first(table: Table) -> None:
    ends = {state for state, following in table.items() if not following} or {next(iter(table))}
    assert not [state for state in table if not ends & (reached(table, state) | {state})]


@every_table
def test_a_table_is_drawn_with_every_move(table: Table) -> None:
    assert mermaid(table).count("-->") == sum(map(len, table.values()))


@settings(deadline=None)
@given(st.sampled_from([*TABLES.values()]), st.data())
def test_a_walk_of_any_moves_stays_in_the_table(table: Table, data: st.DataObject) -> None:
    state: StrEnum = next(iter(table))
    for asked in data.draw(st.lists(st.sampled_from([*table]), max_size=30)):
        if asked in table[state]:
            state = advance(table, state, asked)
            assert state is asked
        else:
            with pytest.raises(IllegalTransition):
                advance(table, state, asked)
