"""A walk through a flow: from its start to its end, told node by node, and ended at once when the person leaves."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.document import parse_document
from ivr.flow import Flow
from ivr.loader import load_flows
from ivr.nodes import NODES
from ivr.runner import MOST_STEPS, EndlessFlow, run
from telephony.contact import Contact
from telephony.events import NodeEntered, NodeLeft
from telephony.ledger import Point
from tests.fakes.center import a_center
from tests.fakes.session import a_session
from tests.fakes.surface import Person, Queues, Told

unhurried = settings(deadline=None)
FRONT_DOOR = """
start: welcome
nodes:
  welcome: {type: say, prompt: hello, exits: {done: menu}}
  menu: {type: menu, prompt: choose, exits: {"1": sales, "9": welcome, failed: sorry}}
  sales:
    type: queue
    queue: sales
    exits: {served: sorry, timed_out: sales, no_agent: sorry, full: sorry, closed: sorry}
  sorry: {type: say, prompt: bye, exits: {done: end}}
  end: {type: hangup}
"""


def front_door() -> Flow:
    return load_flows(a_center(parse_document(FRONT_DOOR, "flows/welcome.yaml")))["welcome"]


def a_flow(**nodes: dict[str, Any]) -> Flow:
    """A flow that no loader has checked; it starts at its first node."""
    made = {name: NODES[node["type"]].model_validate(node) for name, node in nodes.items()}
    return Flow("unchecked", "r1", next(iter(made)), made)


async def walk(flow: Flow, person: Person, queues: Queues | None = None) -> Told:
    sink = Told()
    await run(flow, a_session(person, queues), sink)
    return sink


def path(sink: Told) -> list[str]:
    return [fact.node for fact in sink.facts if isinstance(fact, NodeEntered)]


async def test_a_caller_is_answered_once_and_walks_from_the_start_to_the_end() -> None:
    person = Person([(4, "1")])
    sink = await walk(front_door(), person)
    assert path(sink) == ["welcome", "menu", "sales", "sorry", "end"]
    assert person.said == ["hello", "choose...", "bye"]
    assert (person.answered, person.hung_up) == (1, True)


async def test_every_node_is_told_before_it_runs_and_after_it_is_left() -> None:
    sink = await walk(front_door(), Person([(0, "1")]))
    ids = {"interaction_id": "i-c1", "contact_id": "c1"}
    assert sink.facts[:3] == [
        NodeEntered(**ids, flow="welcome", revision="r1", node="welcome", attempt=1, variables={}),
        NodeLeft(**ids, flow="welcome", node="welcome", exit="done"),
        NodeEntered(**ids, flow="welcome", revision="r1", node="menu", attempt=1, variables={}),
    ]


async def test_a_node_entered_again_is_told_with_how_often() -> None:
    sink = await walk(front_door(), Person([(1, "9"), (2, "9"), (3, "1")]))
    again = [fact.attempt for fact in sink.facts if isinstance(fact, NodeEntered) and fact.node == "welcome"]
    assert again == [1, 2, 3]


async def test_what_the_flow_had_noted_is_told_as_it_was_then() -> None:
    person, sink = Person(), Told()
    session = a_session(person, variables={"tier": "gold"})
    await run(a_flow(end={"type": "hangup"}), session, sink)
    session.variables["tier"] = "tin"
    (entered,) = sink.facts
    assert isinstance(entered, NodeEntered)
    assert entered.variables == {"tier": "gold"}


async def test_a_walk_that_waits_for_nobody_is_ended() -> None:
    person = Person()
    with pytest.raises(EndlessFlow, match="unchecked"):
        await walk(a_flow(again={"type": "say", "prompt": "hello", "exits": {"done": "again"}}), person)
    assert len(person.said) == MOST_STEPS


async def test_a_caller_who_waits_is_never_dropped_however_often_the_flow_goes_round() -> None:
    person = Person(leaves=5000 * 60)
    queues = Queues(person, waits=60, exit="timed_out")
    flow = a_flow(sales={"type": "queue", "queue": "sales", "exits": {"timed_out": "sales"}})
    walking = asyncio.create_task(walk(flow, person, queues))
    await asyncio.wait([walking])
    assert walking.cancelled()
    assert len(queues.joined) == 5000


async def test_a_fault_in_a_node_ends_the_walk_and_tells_where() -> None:
    class Broken(Queues):
        async def enqueue(self, contact: Contact, queue: str) -> str:
            raise RuntimeError("no queues today")

    person, sink = Person([(0, "1")]), Told()
    with pytest.raises(RuntimeError, match="no queues today") as fault:
        await run(front_door(), a_session(person, Broken(person)), sink)
    assert fault.value.__notes__ == ["in node `sales` of flow `welcome`"]
    assert path(sink)[-1] == "sales"
    assert isinstance(sink.facts[-1], NodeEntered)


async def test_an_exit_that_the_flow_does_not_lead_anywhere_is_a_fault_of_its_node() -> None:
    person = Person([(0, "1")])
    with pytest.raises(LookupError, match="no exit `choice`") as fault:
        await walk(front_door(), person, Queues(person, exit="choice"))
    assert fault.value.__notes__ == ["in node `sales` of flow `welcome`"]


@unhurried
@given(
    keys=st.lists(st.tuples(st.floats(0, 60), st.sampled_from("0129*#")), max_size=8),
    leaves=st.floats(0, 90),
    waits=st.floats(0, 60),
    exit=st.sampled_from(["served", "timed_out", "closed"]),
)
async def test_whenever_she_leaves_the_walk_is_cancelled_and_nothing_more_is_told(
    keys: list[tuple[float, str]], leaves: float, waits: float, exit: str
) -> None:
    person, sink = Person(keys, leaves), Told()
    queues = Queues(person, max(waits, 1), exit)
    walking = asyncio.create_task(run(front_door(), a_session(person, queues), sink))
    await asyncio.wait([walking])
    assert walking.cancelled() == (person.now >= leaves)
    assert person.hung_up != walking.cancelled()
    entered, left = path(sink), [fact.node for fact in sink.facts if isinstance(fact, NodeLeft)]
    assert left == entered[:-1]


async def test_a_walk_is_taken_up_at_its_point_and_the_node_is_not_told_again() -> None:
    person, sink = Person([(1, "1")]), Told()
    session = a_session(person, None)
    await run(front_door(), session, sink, Point("welcome", "r1", "menu", attempt=2, variables={"tier": "gold"}))
    assert path(sink) == ["sales", "sorry", "end"]
    assert person.said[0] == "choose..."
    assert session.variables == {"tier": "gold"}


async def test_a_node_that_was_left_already_is_not_entered_again() -> None:
    person, sink = Person([]), Told()
    await run(front_door(), a_session(person, None), sink, Point("welcome", "r1", "sales", exit="served"))
    assert path(sink) == ["sorry", "end"]
