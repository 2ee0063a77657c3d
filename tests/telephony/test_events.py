"""Facts: every kind is known, is named once, and survives being written down."""

from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.events import AnyFact, Fact, InteractionOpened

KINDS: tuple[type[Fact], ...] = get_args(AnyFact)


def subclasses(kind: type[Fact]) -> Iterator[type[Fact]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_kind_of_fact_can_be_read_back() -> None:
    assert {each for each in subclasses(Fact) if each.__module__ == Fact.__module__} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_the_contents_of_a_fact_are_fields_of_it(kind: type[Fact]) -> None:
    assert set(kind.contents) <= set(kind.__struct_fields__)
    assert kind.__doc__


# No time is infinite, and JSON has no word for it.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@settings(deadline=None)
@given(st.one_of([st.from_type(kind) for kind in KINDS]))
def test_a_fact_that_is_written_down_and_read_is_the_same(fact: Fact) -> None:
    assert msgspec.json.decode(msgspec.json.encode(fact), type=AnyFact) == fact


def test_a_fact_cannot_be_changed() -> None:
    fact = InteractionOpened(contact_id="c1")
    with pytest.raises(AttributeError):
        fact.contact_id = "another"  # type: ignore[misc]
