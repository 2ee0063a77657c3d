"""How a contact goes on after a restart, for each state and whatever Asterisk shows; scenarios play the whole."""

from itertools import product

import pytest

from telephony.adoption import Course, course
from telephony.contact import TRANSITIONS, ContactState

OPEN = [state for state, following in TRANSITIONS.items() if following and state is not ContactState.PARKED]


@pytest.mark.parametrize(("state", "together"), list(product(OPEN, (True, False))))
def test_who_has_left_is_gone_whatever_she_did(state: ContactState, together: bool) -> None:
    assert course(state, here=False, together=together) is Course.GONE


@pytest.mark.parametrize(
    ("state", "together", "way"),
    [
        (ContactState.ARRIVED, False, Course.IN_FLOW),
        (ContactState.QUEUED, False, Course.WAITS),
        (ContactState.QUEUED, True, Course.WAITS),
        (ContactState.OFFERED, True, Course.RINGS),
        (ContactState.OFFERED, False, Course.WAITS),
        (ContactState.CONNECTED, True, Course.TALKS),
        (ContactState.CONNECTED, False, Course.TALKS),
    ],
)
def test_who_is_here_goes_on_where_she_was(state: ContactState, together: bool, way: Course) -> None:
    assert course(state, here=True, together=together) is way


def test_who_was_answered_while_nobody_saw_it_was_served() -> None:
    assert course(ContactState.OFFERED, here=True, together=False, served=True) is Course.TALKS
    assert course(ContactState.QUEUED, here=True, together=False, served=True) is Course.WAITS
