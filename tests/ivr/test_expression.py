"""Expressions: whatever is written is one or a fault, and none that is one can hurt, whatever the variables hold."""

import gc
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from ivr.expression import LONGEST, LONGEST_TEXT, SYSTEM, Expression, Result, Scope, compiled, known
from ivr.session import Session
from tests.fakes.session import a_session
from tests.fakes.surface import Person

unhurried = settings(deadline=None)
SCOPE = Scope(frozenset({"tier", "tries"}), later=frozenset({"score"}))
NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def session(**variables: str) -> Session:
    return a_session(Person(), at=NIGHT, variables=variables)


def result(text: str, **variables: str) -> Result | None:
    with structlog.testing.capture_logs():
        return compiled(text, SCOPE).evaluate(session(**variables))


def fault(text: str) -> tuple[str, str]:
    with pytest.raises(PydanticCustomError) as wrong:
        compiled(text, SCOPE)
    assert wrong.value.context
    return wrong.value.context["problem"], wrong.value.context["remedy"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tier == 'gold'", True),
        ("tier", "gold"),
        ("score_ == ''", None),
        ("int(tries) + 1", 3),
        ("double(tries) / 4.0", 0.5),
        ("int(tries) > 1 ? 'more' : 'less'", "more"),
        ("string(int(tries) * 2) + tier", "4gold"),
        ("tries in ['1', '2']", True),
        ("[tier, 'tin'][1] + '!'", "tin!"),
        ("size(tier) + tier.size()", 8),
        ("tier.startsWith('g') && tier.endsWith('d') && tier.contains('ol')", True),
        ("bool('true') || int(tier) == 1", True),
        ("-7 % 3", -1),
        (" tier\n ==\n 'gold' // a remark", True),
        ("caller + dialled", "077009001231000"),
        ("now.date + ' ' + now.weekday + ' ' + now.time", "2026-10-25 sun 01:30"),
        ("now.hour", 1),
    ],
)  # fmt: skip
def test_what_an_expression_gives(text: str, expected: Result | None) -> None:
    if expected is None:
        fault(text)
    else:
        assert result(text, tier="gold", tries="2") == expected


def test_a_variable_that_nobody_has_written_yet_is_empty_text() -> None:
    assert result("tier + '.' + tries", tries="1") == ".1"


def test_the_system_tells_what_it_says_it_tells() -> None:
    assert {name: type(value) for name, value in known(session()).items()} == SYSTEM


def test_a_flow_s_variable_hides_nothing_that_the_system_tells() -> None:
    assert result("dialled", dialled="666") == "1000"


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("score", "uses `score`, which nothing can have written yet", "Write it by a `set` on the way there."),
        ("teir == 'x'", "uses `teir`, which does not exist", "Did you mean `tier`? Text stands in quotes: 'gold'."),
        ("now == 'mon'", "uses `now`, which does not exist", None),
        ("caller.name == ''", "is no expression (`expression of type 'string' cannot be the operand of a selec...`, "
         "character 7)", None),
        ("itn(tries)", "uses the function `itn`, which does not exist", "Did you mean `int`?"),
        ("os.system('x')", "uses the function `system`, which does not exist", None),
        ("[1].map(x, x)", "uses the function `map`, which does not exist", None),
        ("tier.matches('(a+)+$')", "uses the function `matches`, which does not exist", None),
        ("timestamp('2026-01-01T00:00:00Z')", "uses the function `timestamp`, which does not exist", None),
        ("tries + 1", "applies `+` to string, int",
         "`int(...)` makes a number of text, `string(...)` text of a number."),
        ("1 in tier", "applies `in` to int, string", None),
        ("tier ? 1 : 2", "applies `?:` to string, int, int", None),
        ("", "is no expression (`mismatched input '<EOF>'`, character 1)",
         "Write it in CEL, such as `tier == 'gold' && attempt < 3`."),
        ("tier = 'gold'", "is no expression (`token recognition error at: '= '`, character 6)", None),
        ("tier and tries", "is no expression (`mismatched input 'and'`, character 6)", None),
        ("for", "is no expression (`reserved identifier: for`, character 1)", None),
        ("\ud800", "is no expression", None),
        ("(" * 100 + "1" + ")" * 100, "is no expression", None),
        ("x" * (LONGEST + 1), f"is longer than {LONGEST} characters", None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_expression(text: str, problem: str, remedy: str | None) -> None:
    found = fault(text)
    assert found[0] == problem
    assert found[1] == (remedy or found[1])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("int(tries)", "INVALID_ARGUMENT: cannot convert string to int"),
        ("1 / size(tries)", "INVALID_ARGUMENT: divide by zero"),
        ("9223372036854775807 + attempt + 1", "OUT_OF_RANGE: integer overflow"),
        ("[tier][1]", "UNKNOWN: Index error: index=1 size=1"),
        ("tier + tier + '!'", f"gives text of more than {LONGEST_TEXT} characters"),
    ],
)
def test_what_fails_is_told_to_the_log_with_the_node(text: str, reason: str) -> None:
    here = session(tier="x" * (LONGEST_TEXT // 2))
    here.node = "count"
    with structlog.testing.capture_logs() as logs:
        assert compiled(text, SCOPE).evaluate(here) is None
    assert logs == [
        {
            "event": "expression_failed",
            "log_level": "warning",
            "contact": "c1",
            "node": "count",
            "expression": text,
            "reason": reason,
        }
    ]


WORDS = st.sampled_from(
    [
        *(*SYSTEM, "tier", "tries", "score", "google.protobuf.Any{"),
        *("int(", "string(", "double(", "bool(", "size(", "tier.contains(", "matches(", "map(x, x)", "has("),
        *("==", "!=", "&&", "||", "in", *"()[]{}.,?:!+-*/%<>'\"", "r'", "b'x'", "//", "\n", "\x00", "\\", "é"),
        *("null", "true", "'a'", "1", "2.5", "1u", "9223372036854775807", "1e308"),
    ]
)
TEXTS = st.text() | st.lists(WORDS, max_size=25).map(" ".join) | st.text(st.characters(), max_size=9)
LIKELY = st.sampled_from(["", "1", "-1", "1e999", "true", "07", "9" * 30])
HELD = LIKELY | st.text(st.characters(), max_size=LONGEST_TEXT)


@settings(deadline=None, max_examples=500)
@given(TEXTS, HELD, HELD)
def test_any_text_is_an_expression_or_a_fault_and_any_expression_gives_something_or_nothing(
    text: str, tier: str, tries: str
) -> None:
    try:
        expression = compiled(text, SCOPE)
    except PydanticCustomError:
        assert all(fault(text))
        return
    here = session(tier=tier, tries=tries)
    with structlog.testing.capture_logs():
        value = expression.evaluate(here)
    assert value is None or isinstance(value, Result)
    assert here.variables == {"tier": tier, "tries": tries}


MOST_TIMES = 5000
MOST_WORK = [
    " || ".join(["tier.contains(tries + tries)"] * 15),
    "+".join(["(" + "+".join(["tier"] * 5) + ")"] * 15),
    "[" + ",".join(["tier"] * 90) + "] == [" + ",".join(["tier"] * 5) + "]",
    "tries in [" + ",".join(["tier"] * 90) + "]",
    "!" * 490 + "true",
]


@pytest.mark.parametrize("text", MOST_WORK)
def test_the_most_work_that_can_be_written_is_bounded(text: str) -> None:
    """In shares of what the simplest expression takes, which is a few microseconds."""
    expression, here = compiled(text, SCOPE), session(tier="a" * LONGEST_TEXT, tries="a" * 499 + "b")
    simplest = compiled("tier == 'gold'", SCOPE)
    with structlog.testing.capture_logs():
        least = min(_seconds(simplest, here) for _ in range(50))
        assert min(_seconds(expression, here) for _ in range(5)) < MOST_TIMES * least


def _seconds(expression: Expression, here: Session) -> float:
    began = time.perf_counter()
    expression.evaluate(here)
    return time.perf_counter() - began


def test_evaluating_again_and_again_keeps_nothing() -> None:
    expressions = [compiled(text, SCOPE) for text in ("tier == 'gold'", "tier + '!'", "int(tries) + 1", "int(tier)")]
    here, nothing = session(tier="gold", tries="1"), None
    counts = []
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            for expression in expressions * 1000:
                expression.evaluate(here)
            logs.clear()
            gc.collect()
            counts.append(sys.getrefcount(nothing))
    assert max(counts) - min(counts) < 100


def test_who_writes_no_expression_does_not_load_their_language() -> None:
    look = "import bridge.cli, ivr.loader, sys; sys.exit('cel_expr_python' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look]).returncode == 0
