"""A session's words, keys and time."""

from datetime import UTC, datetime

from tests.fakes.session import a_session
from tests.fakes.surface import Person


async def test_a_prompt_is_said_by_its_name() -> None:
    person = Person()
    await a_session(person).say("hello")
    assert person.said == ["hello"]


async def test_keys_pressed_so_far_are_forgotten_and_later_ones_are_not() -> None:
    person = Person([(0, "1"), (0, "2"), (1, "3")])
    await a_session(person).forget_keys()
    assert person.now == 0
    assert await person.key(5) == "3"


async def test_what_a_flow_notes_stays_in_its_session() -> None:
    first, second = (a_session(Person()) for _ in range(2))
    first.variables["tier"] = "gold"
    assert second.variables == {}


async def test_its_time_is_the_center_s_wall_clock() -> None:
    session = a_session(Person(), at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert f"{session.now():%Y-%m-%d %H:%M}" == "2026-07-01 00:30"
