"""A flow's file is a flow, or every fault of it is told at once: where, what, and what to do."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.document import Document, Plain, parse_document
from config.errors import ConfigError, ConfigErrors
from ivr.flow import Flow
from ivr.loader import MOST_NODES, load_flows
from ivr.nodes import NODES
from ivr.runner import run
from tests.fakes.center import a_center, shipped
from tests.fakes.session import a_session
from tests.fakes.surface import Person, Queues, Told

unhurried = settings(deadline=None)
RIGHT = """\
start: hello
nodes:
  hello: {type: say, prompt: hello, exits: {done: menu}}
  menu:
    type: menu
    prompt: choose
    exits:
      1: sales
      failed: end
  sales: {type: queue, queue: sales, exits: {served: end, timed_out: sales, no_agent: end, full: end, closed: end}}
  end: {type: hangup}
"""


def loaded(document: Document) -> tuple[Flow | None, list[ConfigError]]:
    try:
        return load_flows(a_center(document))["f"], []
    except ConfigErrors as wrong:
        return None, [*wrong.errors]


def told(text: str) -> list[tuple[int, str, str, str]]:
    document = parse_document(text, "flows/f.yaml")
    assert not document.errors
    _, wrong = loaded(document)
    return [(each.line, each.field.removeprefix("flows.f."), each.problem, each.remedy) for each in wrong]


def test_a_right_flow_has_its_nodes_and_the_center_s_revision() -> None:
    flow = load_flows(a_center(parse_document(RIGHT, "flows/f.yaml")))["f"]
    assert (flow.name, flow.revision, flow.start) == ("f", "r1", "hello")
    assert {name: node.type for name, node in flow.nodes.items()} == {
        "hello": "say",
        "menu": "menu",
        "sales": "queue",
        "end": "hangup",
    }
    assert flow.nodes["menu"].exits == {"1": "sales", "failed": "end"}


def test_the_flows_that_ship_are_right() -> None:
    assert load_flows(shipped()).keys() == {"welcome"}


def test_a_center_without_flows_has_none() -> None:
    assert load_flows(a_center()) == {}


# fmt: off
ONE_FAULT = [
    (("start: hello", "start: helo"), 1, "start", "names the node `helo`, which does not exist",
     "Did you mean `hello`?"),
    (("start: hello", "start: 7"), 1, "start", "is `7`, which is not text",
     "Write text; put numbers, true and false in quotes."),
    (("start: hello\n", ""), 1, "start", "is missing", "Add the line `start: ...` there."),
    (("start: hello", "start: hello\ntitle: Front door"), 2, "title", "is not a field here",
     "Known: nodes, start."),
    (("end", "The-End"), 11, "nodes.The-End",
     "is `The-End`, which is not a name",
     "Use small letters, digits, - and _; begin with a letter; 40 at most."),
    (("  end: {type: hangup}", "  end:"), 11, "nodes.end", "is empty, which does not hold fields",
     "Write its fields below it, indented: `name: value`."),
    (("  end: {type: hangup}", "  end: [type, hangup]"), 11, "nodes.end",
     "is a list, which does not hold fields", "Write its fields below it, indented: `name: value`."),
    (("{type: hangup}", "{}"), 11, "nodes.end.type", "is missing", "Add the line `type: ...` there."),
    (("{type: hangup}", "{type: 5}"), 11, "nodes.end.type", "is `5`, which is not text",
     "Write text; put numbers, true and false in quotes."),
    (("{type: hangup}", "{type: hangpu}"), 11, "nodes.end.type",
     "names the node type `hangpu`, which does not exist", "Did you mean `hangup`?"),
    (("{type: hangup}", "{type: base}"), 11, "nodes.end.type",
     "names the node type `base`, which does not exist", f"Known: {', '.join(sorted(NODES))}."),
    (("{type: hangup}", "{type: hangup, propmt: bye}"), 11, "nodes.end.propmt", "is not a field here",
     "Known: exits, type."),
    (("{type: hangup}", "{type: hangup, exits: {done: end}}"), 11, "nodes.end.exits.done",
     "is no exit of the node type `hangup`", "It has no exits."),
    (("failed: end", "failed: ned"), 9, "nodes.menu.exits.failed", "names the node `ned`, which does not exist",
     "Did you mean `end`?"),
    (("failed: end", "failed: [end]"), 9, "nodes.menu.exits.failed", "is a list, which is not text",
     "Write text; put numbers, true and false in quotes."),
    (("      failed: end\n", ""), 7, "nodes.menu.exits", "has no exit `failed`",
     "Add `failed:` and the node that comes next."),
    (("failed: end", "failed: end\n      faild: end"), 10, "nodes.menu.exits.faild",
     "is no exit of the node type `menu`", "Did you mean `failed`?"),
    (("failed: end", "failed: end\n      12: end"), 10, "nodes.menu.exits.12",
     "is no exit of the node type `menu`", "Known: failed."),
    (("prompt: choose", "prompt: chose"), 6, "nodes.menu.prompt",
     "names the en prompt `chose`, which does not exist", "Did you mean `choose`?"),
    (("prompt: choose", "prompt: choose\n    invalid_prompt: wrnog"), 7, "nodes.menu.invalid_prompt",
     "names the en prompt `wrnog`, which does not exist", "Did you mean `wrong`?"),
    (("prompt: hello", "prompt: hallo"), 3, "nodes.hello.prompt",
     "names the en prompt `hallo`, which does not exist", "Did you mean `hello`?"),
    (("queue: sales", "queue: slaes"), 10, "nodes.sales.queue",
     "names the queue `slaes`, which does not exist", "Did you mean `sales`?"),
    (("prompt: choose", "prompt: choose\n    attempts: 0"), 7, "nodes.menu.attempts",
     "is `0`, but it should be greater than or equal to 1", "Correct the value."),
    (("prompt: choose", "prompt: choose\n    attempts: true"), 7, "nodes.menu.attempts",
     "is `true`, which is not a whole number", "Write a whole number."),
    (("prompt: choose", "prompt: choose\n    timeout: 90 s"), 7, "nodes.menu.timeout",
     "is 1 min 30 s, outside its limits", "Write a duration from 1 s to 1 min."),
    (("1: sales", "1: end"), 10, "nodes.sales", "is never reached", "Lead an exit to it, or remove it."),
    (("full: end", "full: sales"), 10, "nodes.sales",
     "leads back to itself without waiting for the caller: `sales` -> `sales`",
     "Put a `menu` on the way, or lead one of these exits elsewhere."),
    (("end: {type: hangup}", "end: {type: say, prompt: bye, exits: {done: end}}"), 11, "nodes.end",
     "leads back to itself without waiting for the caller: `end` -> `end`",
     "Put a `menu` on the way, or lead one of these exits elsewhere."),
    (("closed: end", "closed: shut}}\n  shut: {type: say, prompt: bye, exits: {done: sales"), 10, "nodes.sales",
     "leads back to itself without waiting for the caller: `sales` -> `shut` -> `sales`",
     "Put a `menu` on the way, or lead one of these exits elsewhere."),
]
# fmt: on


@pytest.mark.parametrize(("change", "line", "field", "problem", "remedy"), ONE_FAULT)
def test_one_fault(change: tuple[str, str], line: int, field: str, problem: str, remedy: str) -> None:
    assert change[0] in RIGHT
    assert told(RIGHT.replace(*change)) == [(line, field, problem, remedy)]


REASONING = """\
start: opening
nodes:
  opening: {type: hours, hours: shop, exits: {open: count, closed: end}}
  count:
    type: set
    values: {tier: gold, tries: 0}
    exits: {done: menu}
  menu: {type: menu, prompt: choose, exits: {1: again, failed: end}}
  again: {type: set, values: {tries: "= int(tries) + 1"}, exits: {done: which}}
  which:
    type: branch
    conditions:
      vip: tier == 'gold' && now.hour < 18
      enough: int(tries) > 3
    exits: {vip: end, enough: end, otherwise: menu}
  end: {type: hangup}
"""
CEL = "Write it in CEL, such as `tier == 'gold' && attempt < 3`."
KNOWN = "attempt, caller, dialled, language, now.date, now.hour, now.time, now.weekday"
FUNCTIONS = "Known: bool, contains, double, endsWith, int, size, startsWith, string."
# fmt: off
ONE_FAULT_IN_REASONING = [
    (("hours: shop", "hours: shpo"), 3, "opening.hours", "names the opening hours `shpo`, which does not exist",
     "Did you mean `shop`?"),
    (("hours: shop, ", ""), 3, "opening.hours", "is missing", "Add the line `hours: ...` there."),
    (("{open: count, closed: end}", "{open: count}"), 3, "opening.exits", "has no exit `closed`",
     "Add `closed:` and the node that comes next."),
    (("closed: end}", "closed: end, holidays: end}"), 3, "opening.exits.holidays",
     "is no exit of the node type `hours`", "Did you mean `holiday`?"),
    (("closed: end}", "closed: end, holiday: nowhere}"), 3, "opening.exits.holiday",
     "names the node `nowhere`, which does not exist", "Known: again, count, end, menu, opening, which."),
    (("closed: end}", "closed: end, holiday: opening}"), 3, "opening",
     "leads back to itself without waiting for the caller: `opening` -> `opening`",
     "Put a `menu` on the way, or lead one of these exits elsewhere."),
    (("{tries: \"= int(tries) + 1\"}", "{}"), 9, "again.values", "holds 0 entries", "Write from 1 to 50."),
    (("values: {tries: \"= int(tries) + 1\"}, ", ""), 9, "again.values", "is missing",
     "Add the line `values: ...` there."),
    (("tier: gold", "tier: true"), 6, "count.values.tier", "is `true`, which is not text", "Put it in quotes."),
    (("tier: gold", "tier: null"), 6, "count.values.tier", "is empty, which is not text", "Put it in quotes."),
    (("tier: gold", "tier: [gold]"), 6, "count.values.tier", "is a list, which is not text", "Put it in quotes."),
    (("tries: 0", "tries: = tries"), 6, "count.values.tries", "uses `tries`, which nothing can have written yet",
     "Write it by a `set` on the way there."),
    (("tier: gold", "tier: gold, Tier-2: x"), 6, "count.values.Tier-2", "is `Tier-2`, which is not a variable",
     "Use small letters, digits and _; 40 at most."),
    (("tier: gold", "tier: gold, caller: x"), 6, "count.values.caller",
     "is `caller`, which means something else in expressions", "Choose another name."),
    (("tier: gold", "tier: gold, in: x"), 6, "count.values.in",
     "is `in`, which means something else in expressions", "Choose another name."),
    (("otherwise: menu", "otherwise: again"), 9, "again",
     "leads back to itself without waiting for the caller: `again` -> `which` -> `again`",
     "Put a `menu` on the way, or lead one of these exits elsewhere."),
    (("= int(tries) + 1", "= int(tries) +"), 9, "again.values.tries",
     "is no expression (`mismatched input '<EOF>'`, character 13)", CEL),
    (("= int(tries) + 1", "="), 9, "again.values.tries",
     "is no expression (`mismatched input '<EOF>'`, character 1)", CEL),
    (("= int(tries) + 1", "= tries + 1"), 9, "again.values.tries", "applies `+` to string, int",
     "`int(...)` makes a number of text, `string(...)` text of a number."),
    (("= int(tries) + 1", "= [1, 2]"), 9, "again.values.tries", "gives list<int>",
     "Give text, a number, or true or false."),
    (("= int(tries) + 1", "= tires"), 9, "again.values.tries", "uses `tires`, which does not exist",
     "Did you mean `tries`? Text stands in quotes: 'gold'."),
    (("= int(tries) + 1", "= itn(tries)"), 9, "again.values.tries", "uses the function `itn`, which does not exist",
     "Did you mean `int`?"),
    (("= int(tries) + 1", "= " + "!" * 501), 9, "again.values.tries", "is longer than 500 characters",
     "Split it: a `set` can write a part of it into a variable."),
    (("= int(tries) + 1", "x" * 1001), 9, "again.values.tries", "is longer than 1000 characters", "Shorten it."),
    (("tier == 'gold'", "tier == gold"), 13, "which.conditions.vip", "uses `gold`, which does not exist",
     f"Known: {KNOWN}, tier, tries. Text stands in quotes: 'gold'."),
    (("tier == 'gold'", "tier = 'gold'"), 13, "which.conditions.vip",
     "is no expression (`token recognition error at: '= '`, character 6)", CEL),
    (("tier == 'gold'", "caller.matches('(a+)+$')"), 13, "which.conditions.vip",
     "uses the function `matches`, which does not exist", FUNCTIONS),
    (("tier == 'gold'", "caller in [caller].filter(x, true)"), 13, "which.conditions.vip",
     "uses the function `filter`, which does not exist", FUNCTIONS),
    (("now.hour", "now.huor"), 13, "which.conditions.vip", "uses `now.huor`, which does not exist",
     "Did you mean `now.hour`? Text stands in quotes: 'gold'."),
    (("now.hour < 18", "now.time"), 13, "which.conditions.vip", "applies `&&` to bool, string",
     "`int(...)` makes a number of text, `string(...)` text of a number."),
    (("tier == 'gold' && now.hour < 18", "tier"), 13, "which.conditions.vip",
     "gives text instead of true or false", "Compare it with something, such as `tier == 'gold'`."),
    (("tier == 'gold' && now.hour < 18", "true"), 13, "which.conditions.vip",
     "is `true`, which is no expression", "Write one in quotes, such as `attempt < 3`."),
    (("enough: int(tries) > 3", "enough: attempt > 3\n      otherwise: attempt > 9"), 15, "which.conditions.otherwise",
     "is the exit taken when no condition is true", "Give the condition another name."),
    (("vip: end, enough: end", "vip: end"), 15, "which.exits", "has no exit `enough`",
     "Add `enough:` and the node that comes next."),
    (("vip: end, enough: end", "vip: end, enough: end, gold: end"), 15, "which.exits.gold",
     "is no exit of the node type `branch`", "Known: enough, otherwise, vip."),
    ((", otherwise: menu", ""), 15, "which.exits", "has no exit `otherwise`",
     "Add `otherwise:` and the node that comes next."),
]
# fmt: on


def test_a_flow_that_reasons_is_right() -> None:
    assert told(REASONING) == []


@pytest.mark.parametrize(("change", "line", "field", "problem", "remedy"), ONE_FAULT_IN_REASONING)
def test_one_fault_in_reasoning(change: tuple[str, str], line: int, field: str, problem: str, remedy: str) -> None:
    assert change[0] in REASONING
    assert told(REASONING.replace(*change)) == [(line, f"nodes.{field}", problem, remedy)]


@pytest.mark.parametrize(
    "change",
    [
        ("failed: end", "failed: hello"),
        ("served: end", "served: hello"),
        ("{type: hangup}", "{type: say, prompt: bye, exits: {done: hello}}"),
    ],
)
def test_a_circle_in_which_somebody_is_waited_for_is_right(change: tuple[str, str]) -> None:
    assert told(RIGHT.replace(*change)) == []


@pytest.mark.parametrize("text", ["", "[]", "welcome", "start: a\nnodes:", "start: a\nnodes: {}", "nodes: [a]"])
def test_a_file_that_is_no_flow_at_all_is_told_in_few_words(text: str) -> None:
    assert 1 <= len(told(text)) <= 2


def test_a_flow_holds_at_most_a_thousand_nodes() -> None:
    nodes = "".join(f"  n{number}: {{type: hangup}}\n" for number in range(MOST_NODES + 1))
    assert told(f"start: n0\nnodes:\n{nodes}") == [(2, "nodes", "holds 1001 nodes", "Write from 1 to 1000.")]


def test_a_flow_writes_at_most_a_hundred_variables() -> None:
    values = [", ".join(f"v{number}: x" for number in range(first, first + 40)) for first in (0, 40, 80)]
    nodes = "".join(
        f"  n{each}: {{type: set, values: {{{values[each]}, more: '= v1 + v99'}}, exits: {{done: n{each + 1}}}}}\n"
        for each in range(3)
    )
    assert told(f"start: n0\nnodes:\n{nodes}  n3: {{type: hangup}}\n") == [
        (2, "nodes", "write 121 variables", "Write 100 at most.")
    ]


def test_all_faults_of_all_flows_are_told_at_once_even_two_in_one_node() -> None:
    first = """\
nodes:
  hello: {type: say, prompt: hullo, exits: {done: nowhere}}
  menu: {type: menu, prompt: chooze, attempts: many, exits: {failed: hello}}
  five: {type: sya}
"""
    documents = [parse_document(text, f"flows/{name}.yaml") for name, text in (("a", first), ("b", "start: x"))]
    with pytest.raises(ConfigErrors) as wrong:
        load_flows(a_center(*documents))
    assert [(each.file, each.line, each.field.partition(".")[2]) for each in wrong.value.errors] == [
        ("flows/a.yaml", 1, "a.start"),
        ("flows/a.yaml", 2, "a.nodes.hello.exits.done"),
        ("flows/a.yaml", 2, "a.nodes.hello.prompt"),
        ("flows/a.yaml", 3, "a.nodes.menu.attempts"),
        ("flows/a.yaml", 3, "a.nodes.menu.exits"),
        ("flows/a.yaml", 3, "a.nodes.menu.prompt"),
        ("flows/a.yaml", 4, "a.nodes.five.type"),
        ("flows/b.yaml", 1, "b.nodes"),
    ]


def test_a_way_that_leads_astray_is_told_without_what_only_follows_from_it() -> None:
    assert [each[1] for each in told(RIGHT.replace("done: menu", "done: mneu"))] == ["nodes.hello.exits.done"]
    assert [each[1] for each in told(RIGHT.replace("start: hello", "start: hullo"))] == ["start"]


def test_where_ways_lead_astray_every_variable_of_the_flow_may_be_used() -> None:
    wrong = told(REASONING.replace("    exits: {done: menu}", "    exits: {done: mneu}"))
    assert [each[1] for each in wrong] == ["nodes.count.exits.done"]


def test_a_long_circle_is_told_by_its_beginning() -> None:
    nodes = "".join(
        f"  n{each}: {{type: say, prompt: bye, exits: {{done: n{(each + 1) % 50}}}}}\n" for each in range(50)
    )
    ((line, field, problem, _),) = told(f"start: n0\nnodes:\n{nodes}")
    assert (line, field) == (3, "nodes.n0")
    assert problem.endswith("caller: `n0` -> `n1` -> `n2` -> `n3` -> `n4` -> `n5` -> ... -> `n0`")


PLAIN: st.SearchStrategy[Plain] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["a", "b", "c", "end", "*", "A b", ""])
EXITS = st.dictionaries(
    st.sampled_from(["done", "failed", "1", "#", "served", "timed_out", "no_agent", "full", "closed", "open", "x"]),
    NAMES | PLAIN,
)
NODE = st.fixed_dictionaries(
    {"type": st.sampled_from([*NODES]) | PLAIN},
    optional={
        "exits": EXITS | PLAIN,
        "prompt": st.sampled_from(["hello", "hallo"]) | PLAIN,
        "queue": st.just("sales") | PLAIN,
        "attempts": PLAIN,
        "hours": st.just("shop") | PLAIN,
        "values": st.dictionaries(st.sampled_from(["tier", "now", "X"]), st.sampled_from(["= tier", "= ("]) | PLAIN)
        | PLAIN,
        "conditions": st.dictionaries(st.sampled_from(["x", "X"]), st.sampled_from(["tier == ''", "("]) | PLAIN)
        | PLAIN,
    },
)
NODES_WRITTEN = st.dictionaries(NAMES, NODE | PLAIN)
FLOW = st.fixed_dictionaries({}, optional={"start": NAMES | PLAIN, "nodes": NODES_WRITTEN | PLAIN})


@unhurried
@given(FLOW | PLAIN)
def test_whatever_is_written_is_a_flow_or_a_list_of_faults(data: Plain) -> None:
    flow, wrong = loaded(Document("flows/f.yaml", data))
    assert all(each.problem and each.remedy and each.field.startswith("flows.f") for each in wrong)
    assert bool(flow) != bool(wrong)
    if flow:
        assert {flow.start, *(target for node in flow.nodes.values() for target in node.exits.values())} == {
            *flow.nodes
        }


FOUR = ("a", "b", "c", "d")
WORDS = {"prompt": "hello", "queue": "sales", "hours": "shop"}
MORE: dict[str, dict[str, Plain]] = {
    "set": {"values": {"tier": "gold", "seen": "= attempt"}},
    "branch": {"conditions": {"again": "attempt < 3", "late": "now.hour > 8"}},
}


def right(kind: str) -> st.SearchStrategy[Plain]:
    """A node of a type with all that it needs, led anywhere."""
    fields: dict[str, Plain] = {field: WORDS[field] for field in NODES[kind].names if field in WORDS}
    fields |= MORE.get(kind, {})
    exits = [*NODES[kind].needed_exits(fields), *(["1"] if kind == "menu" else [])]
    ways = st.fixed_dictionaries({exit: st.sampled_from(FOUR) for exit in exits})
    return ways.map(lambda exits: {"type": kind, "exits": {**exits}, **fields})


@unhurried
@given(st.fixed_dictionaries({name: st.sampled_from([*NODES]).flatmap(right) for name in FOUR}), st.floats(1, 500))
async def test_right_nodes_are_a_flow_unless_they_lead_astray_and_then_no_walk_is_endless(
    nodes: dict[str, Plain], leaves: float
) -> None:
    flow, wrong = loaded(Document("flows/f.yaml", {"start": "a", "nodes": nodes}))
    assert {each.problem.partition(" to itself")[0] for each in wrong} <= {"leads back", "is never reached"}
    if flow:
        person = Person(leaves=leaves)
        session = a_session(person, Queues(person, waits=1, exit="timed_out"))
        walking = asyncio.create_task(run(flow, session, Told()))
        await asyncio.wait([walking])
        assert walking.cancelled() or walking.exception() is None
