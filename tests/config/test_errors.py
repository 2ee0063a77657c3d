"""Errors are ordered, all there, and fit to be printed."""

import pytest
from pydantic_core import PydanticCustomError

from config.errors import ConfigError, ConfigErrors, refuse, shown, suggestion

FIRST = ConfigError("agents.yaml", 9, "agents.ana.title", "is missing", "Add it.")
SECOND = ConfigError("queues.yaml", 2, "queues.sales.ring_time", "is `3 s`", "Write more.")
THIRD = ConfigError("queues.yaml", 11, "queues.sales.music", "is wrong", "Write another.")


def test_an_error_reads_as_place_problem_and_remedy() -> None:
    assert str(SECOND) == "queues.yaml:2: queues.sales.ring_time is `3 s`.\n  Write more."


def test_errors_are_ordered_by_file_and_line_and_said_once() -> None:
    errors = ConfigErrors([THIRD, SECOND, FIRST, SECOND])
    assert errors.errors == (FIRST, SECOND, THIRD)
    assert str(errors).splitlines()[::2] == [str(e).splitlines()[0] for e in (FIRST, SECOND, THIRD)]


def test_a_refusal_carries_problem_and_remedy_through_pydantic() -> None:
    with pytest.raises(PydanticCustomError) as refusal:
        refuse("is {odd}", "Write it even.")
    assert refusal.value.context == {"problem": "is {odd}", "remedy": "Write it even."}


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, "empty"),
        (True, "`true`"),
        (3, "`3`"),
        ("sales", "`sales`"),
        ("a\nb\x1b[31m", "`a\ufffdb\ufffd[31m`"),
        ("x" * 61, f"`{'x' * 60}...`"),
        ({"a": 1}, "a mapping"),
        ([1], "a list"),
    ],
)
def test_a_value_is_shown_on_one_short_line(value: object, printed: str) -> None:
    assert shown(value) == printed


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("slaes", ["sales", "support"], "Did you mean `sales`?"),
        ("zzz", ["sales", "support"], "Known: sales, support."),
        ("zzz", [], "None is defined yet."),
    ],
)
def test_a_suggestion_is_the_closest_name_or_all(name: str, known: list[str], said: str) -> None:
    assert suggestion(name, known) == said


def test_whatever_somebody_wrote_is_legible_on_its_line() -> None:
    fault = ConfigError("agents.yaml", 1, "agents.a\nb", "names `\x1b[31m`", "Remove \n.wav.")
    assert str(fault).count("\n") == 1
    assert "\x1b" not in str(fault)
