"""A session's words and keys."""

from ivr.session import Session
from tests.fakes.surface import Person, Queues, prompts


async def test_a_prompt_is_said_by_its_name() -> None:
    person = Person()
    await Session(person, prompts("hello"), Queues(person)).say("hello")
    assert person.said == ["hello"]


async def test_keys_pressed_so_far_are_forgotten_and_later_ones_are_not() -> None:
    person = Person([(0, "1"), (0, "2"), (1, "3")])
    await Session(person, {}, Queues(person)).forget_keys()
    assert person.now == 0
    assert await person.key(5) == "3"


async def test_what_a_flow_notes_stays_in_its_session() -> None:
    first, second = (Session(person := Person(), {}, Queues(person)) for _ in range(2))
    first.variables["language"] = "de"
    assert second.variables == {}
