"""Machines as tables: a move is allowed or refused, and a table can be drawn."""

from enum import StrEnum

import pytest

from telephony.machine import IllegalTransition, advance, mermaid


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


TABLE = {
    Door.OPEN: frozenset({Door.SHUT}),
    Door.SHUT: frozenset({Door.OPEN, Door.LOCKED}),
    Door.LOCKED: frozenset[Door](),
}


def test_a_move_in_the_table_is_made() -> None:
    assert advance(TABLE, Door.SHUT, Door.LOCKED) is Door.LOCKED


@pytest.mark.parametrize("to", Door)
def test_a_move_that_is_not_in_the_table_is_refused_by_name(to: Door) -> None:
    with pytest.raises(IllegalTransition, match=f"Door cannot go from locked to {to}") as refused:
        advance(TABLE, Door.LOCKED, to)
    assert (refused.value.concept, refused.value.current, refused.value.to) == ("Door", "locked", to)


def test_a_table_is_drawn_as_a_state_diagram() -> None:
    assert mermaid(TABLE) == "stateDiagram-v2\n  open --> shut\n  shut --> locked\n  shut --> open"
