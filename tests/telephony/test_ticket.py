"""What is written onto a call comes back as it was, and what is none is none."""

from datetime import UTC, datetime

import pytest

from telephony.assignment import Assignment
from telephony.contact import Contact, ContactState, Medium
from telephony.ticket import Errand, Ticket

NINE = datetime(2026, 1, 5, 9, 0, 0, 1234, tzinfo=UTC)
ADA = Contact("c", "i", Medium.VOICE, "1000", "+491", NINE, "Ada", ContactState.QUEUED, "sales", 7)


def test_a_ticket_is_read_as_it_was_written() -> None:
    assert Ticket.read(Ticket.of(ADA).written()) == Ticket("c", "i", "sales", 7, NINE)


@pytest.mark.parametrize("text", ["", "{}", "null", '{"contact": "c"}', "words"])
def test_what_is_no_ticket_is_none(text: str) -> None:
    assert Ticket.read(text) is None


def test_an_errand_comes_through_asterisk_as_words_between_commas() -> None:
    errand = Errand.of(Assignment("a", "c", "i", "ana", "sales", Medium.VOICE), ADA)
    assert Errand.read(",".join(errand).split(",")) == errand
    assert errand.ticket == Ticket.of(ADA)


@pytest.mark.parametrize("words", [[], ["agent", "c"], ["inbound", "1000"], ["inbound", *"1234567"]])
def test_other_words_are_no_errand(words: list[str]) -> None:
    assert Errand.read(words) is None
