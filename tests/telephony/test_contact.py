"""A contact: what may follow what, and when nothing can follow any more."""

import pytest

from telephony.contact import TRANSITIONS, ContactState
from tests.fakes.surface import a_contact


def test_a_contact_arrives_without_a_place_or_an_agent() -> None:
    contact = a_contact()
    assert (contact.state, contact.queue, contact.sequence, contact.served) == (ContactState.ARRIVED, None, None, False)


@pytest.mark.parametrize("state", ContactState)
def test_a_contact_is_over_once_it_is_abandoned_or_closed(state: ContactState) -> None:
    contact = a_contact()
    contact.state = state
    assert contact.over == (state in {ContactState.ABANDONED, ContactState.CLOSED})


def test_only_who_has_not_been_connected_or_parked_can_abandon() -> None:
    ways = {state for state, following in TRANSITIONS.items() if ContactState.ABANDONED in following}
    assert ways == {ContactState.ARRIVED, ContactState.QUEUED, ContactState.OFFERED}


def test_an_agent_is_reached_by_an_offer_alone() -> None:
    assert [state for state in ContactState if ContactState.CONNECTED in TRANSITIONS[state]] == [ContactState.OFFERED]
