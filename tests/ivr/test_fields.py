"""The fields of nodes: which names a variable may have, what may be written into it, what is a condition."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ivr.expression import Expression, Scope, compiled
from ivr.fields import MOST_ENTRIES, Condition, Value, Variable, few, is_variable

unhurried = settings(deadline=None)
SCOPE = Scope(frozenset({"tier"}))
KINDS = "bool bytes double dyn int list map null_type string type uint"
WORDS = "as break const continue else false for function if import in let loop namespace null package return true var"


def made(kind: Any, written: object) -> object:
    return TypeAdapter(kind).validate_python(written, context=SCOPE)


def problem(kind: Any, written: object) -> str:
    with pytest.raises(ValidationError) as wrong:
        made(kind, written)
    (fault,) = wrong.value.errors()
    return str(fault["ctx"]["problem"])


@pytest.mark.parametrize("name", ["tier", "a", "a_1", "x" * 40, "size", "google"])
def test_a_variable_s_name(name: str) -> None:
    assert made(Variable, name) == name
    assert is_variable(name)


@pytest.mark.parametrize("name", [*KINDS.split(), *WORDS.split(), "void", "while", "caller", "now", "attempt"])
def test_what_means_something_else_is_no_variable(name: str) -> None:
    assert problem(Variable, name) == f"is `{name}`, which means something else in expressions"
    assert not is_variable(name)


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "a.b", "_a", "é", "x" * 41])
def test_what_is_no_name_is_no_variable(name: str) -> None:
    assert problem(Variable, name) == f"is `{name}`, which is not a variable"
    assert not is_variable(name)


@unhurried
@given(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(is_variable))
def test_every_variable_can_be_used_in_an_expression(name: str) -> None:
    assert compiled(f"{name} == 'x'", Scope(frozenset({name}))).gives == "BOOL"


@pytest.mark.parametrize(("written", "text"), [("gold", "gold"), ("", ""), (7, "7"), (-1, "-1"), (" = 1", " = 1")])
def test_a_value_is_text(written: object, text: str) -> None:
    assert made(Value, written) == text


def test_a_value_after_an_equals_sign_is_an_expression() -> None:
    value = made(Value, "= tier + '!'")
    assert isinstance(value, Expression)
    assert (value.text, value.gives, value.variables) == ("tier + '!'", "STRING", SCOPE.written)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (True, "is `true`, which is not text"),
        (1.5, "is `1.5`, which is not text"),
        (None, "is empty, which is not text"),
        ([], "is a list, which is not text"),
        ("x" * 1001, "is longer than 1000 characters"),
        ("= [tier]", "gives list<string>"),
        ("= null", "gives null"),
        ("= b'x'", "gives bytes"),
        ("= int", "gives type<int>"),
        ("= 1u", "gives uint"),
        ("= (", "is no expression (`mismatched input '<EOF>'`, character 2)"),
    ],
)
def test_what_is_no_value(written: object, words: str) -> None:
    assert problem(Value, written) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (True, "is `true`, which is no expression"),
        (None, "is empty, which is no expression"),
        ("tier", "gives text instead of true or false"),
        ("attempt", "gives a whole number instead of true or false"),
        ("1.0", "gives a number instead of true or false"),
        ("[tier]", "gives list<string>"),
        ("colour == 'red'", "uses `colour`, which does not exist"),
    ],
)
def test_what_is_no_condition(written: object, words: str) -> None:
    assert problem(Condition, written) == words


def test_a_condition_is_an_expression_that_is_true_or_false() -> None:
    condition = made(Condition, "tier == 'gold'")
    assert isinstance(condition, Expression)
    assert condition.gives == "BOOL"


@pytest.mark.parametrize("count", [0, MOST_ENTRIES + 1])
def test_none_or_too_many_entries_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"holds {count} entries"):
        few({str(number): number for number in range(count)})
    assert few({"one": 1}) == {"one": 1}
