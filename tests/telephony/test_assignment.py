"""One agent's part: it holds her capacity until it is done or came to nothing."""

import pytest

from telephony.assignment import TRANSITIONS, Assignment, AssignmentState
from telephony.contact import Medium

ENDS = {
    AssignmentState.DONE,
    AssignmentState.REFUSED,
    AssignmentState.UNANSWERED,
    AssignmentState.WITHDRAWN,
}


@pytest.mark.parametrize("state", AssignmentState)
def test_capacity_is_held_until_the_end(state: AssignmentState) -> None:
    assert Assignment("a1", "c1", "i1", "ana", "sales", Medium.VOICE, state).over == (state in ENDS)


def test_an_assignment_begins_as_an_offer() -> None:
    assert Assignment("a1", "c1", "i1", "ana", "sales", Medium.VOICE).state is AssignmentState.OFFERED


def test_a_talk_always_ends_in_wrap_up() -> None:
    talking = {AssignmentState.ACTIVE, AssignmentState.HELD}
    assert set().union(*(TRANSITIONS[state] for state in talking)) - talking == {AssignmentState.WRAP_UP}
