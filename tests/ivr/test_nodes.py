"""Every node type does what its case file says: tests/cases/nodes/<type>.yaml, a list of named cases."""

import asyncio
import inspect
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, ConfigDict

from config.document import Document, Plain, parse_document, read_document
from config.durations import Seconds
from ivr.expression import Scope
from ivr.flow import Flow
from ivr.loader import load_flows
from ivr.nodes import NODES
from ivr.runner import run
from telephony.acd.places import QueueExit
from telephony.events import Fact, NodeEntered, NodeLeft
from tests.fakes.center import a_center
from tests.fakes.clock import BEGIN
from tests.fakes.session import a_session
from tests.fakes.surface import Person, Queues, Told

CASES = Path(__file__).parents[1] / "cases" / "nodes"
SOME = Scope(frozenset({"tier", "tries"}))


class Answer(BaseModel):
    """How the queue ends, and after how long."""

    model_config = ConfigDict(extra="forbid")
    exit: str = "served"
    after: Seconds = 0.0


class Case(BaseModel):
    """One node alone in a flow, where each of its exits leads to the end: what goes in, then what is expected.

    `keys` are pressed at their second, `leaves` is when she hangs up, `lasts` when all is over. `at` is the date and
    time in London; `variables` are written before by a node `given`, of which nothing is told, and are `noted` after;
    `failed` are the expressions that the log tells of."""

    model_config = ConfigDict(extra="forbid")
    case: str
    node: dict[str, Any]
    keys: dict[Seconds, str | list[str]] = {}
    leaves: Seconds | None = None
    queue: Answer = Answer()
    at: datetime = BEGIN
    variables: dict[str, str] = {}

    exit: str | None = None
    said: list[str] = []
    joined: str | None = None
    unread: str = ""
    hung_up: bool = False
    lasts: Seconds = 0.0
    noted: dict[str, str] = {}
    failed: list[str] = []
    facts: list[str]

    @property
    def flow(self) -> Flow:
        nodes: dict[str, Plain] = {
            "here": self.node,
            **{target: {"type": "hangup"} for target in self.node.get("exits", {}).values()},
        }
        if self.variables:
            nodes["given"] = {"type": "set", "values": {**self.variables}, "exits": {"done": "here"}}
        document = Document("flows/case.yaml", {"start": "given" if self.variables else "here", "nodes": nodes})
        return load_flows(a_center(document))["case"]

    @property
    def moment(self) -> datetime:
        return self.at if self.at.tzinfo else self.at.replace(tzinfo=a_center().timezone)

    @property
    def person(self) -> Person:
        keys = [(time, key) for time, pressed in self.keys.items() for key in pressed]
        return Person(keys, math.inf if self.leaves is None else self.leaves)


def cases(type: str) -> list[Case]:
    document = read_document(CASES / f"{type}.yaml", f"{type}.yaml")
    assert not document.errors, document.errors
    assert isinstance(document.data, list)
    return [Case.model_validate(each) for each in document.data]


EVERY_CASE = [
    pytest.param(each, id=f"{path.stem}: {each.case}")
    for path in sorted(CASES.glob("*.yaml"))
    for each in cases(path.stem)
]


def told(fact: Fact) -> str:
    match fact:
        case NodeEntered():
            return f"entered {fact.node}"
        case NodeLeft():
            return f"left {fact.node} by {fact.exit}"
    return type(fact).__name__


def test_every_node_type_has_a_case_file_and_every_case_file_a_type() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(NODES)


@pytest.mark.parametrize("kind", sorted(NODES))
def test_the_cases_of_a_type_are_of_it_and_take_every_exit(kind: str) -> None:
    known = cases(kind)
    assert {each.node["type"] for each in known} == {kind}
    assert {each.exit for each in known} >= set(NODES[kind].required_exits)
    assert len({each.case for each in known}) == len(known)


@pytest.mark.parametrize("kind", sorted(NODES))
def test_the_example_of_a_type_is_one(kind: str) -> None:
    lesson = inspect.getdoc(inspect.getmodule(NODES[kind])) or ""
    assert lesson.startswith(f"{kind}: ")
    data = parse_document(inspect.cleandoc(lesson.partition("Example::\n")[2]), "example.yaml").data
    assert isinstance(data, dict)
    (example,) = data.values()
    assert NODES[kind].model_validate(example, context=SOME).type == kind


@pytest.mark.parametrize("case", EVERY_CASE)
async def test_case(case: Case) -> None:
    person, sink = case.person, Told()
    queues = Queues(person, case.queue.after, case.queue.exit)
    session = a_session(person, queues, case.moment)
    with structlog.testing.capture_logs() as logs:
        walk = asyncio.create_task(run(case.flow, session, sink))
        await asyncio.wait([walk])

    assert walk.cancelled() == (case.leaves is not None)
    assert person.said == case.said
    assert [queue for _, queue in queues.joined] == ([case.joined] if case.joined else [])
    assert "".join(person.unread) == case.unread
    assert person.now == case.lasts
    assert [told(fact) for fact in of_the_case(sink)] == case.facts
    assert exits(sink) == ([case.exit] if case.exit else [])
    assert session.variables == {**case.variables, **case.noted}
    assert [(line["event"], line["node"], line["expression"]) for line in logs] == [
        ("expression_failed", "here", expression) for expression in case.failed
    ]
    if not walk.cancelled():
        assert walk.exception() is None


def of_the_case(sink: Told) -> list[Fact]:
    return [fact for fact in sink.facts if getattr(fact, "node", "") != "given"]


def exits(sink: Told) -> list[str]:
    return [fact.exit for fact in of_the_case(sink) if isinstance(fact, NodeLeft)]


def test_the_node_queue_knows_every_exit_of_the_queues_but_the_one_nobody_offers_yet() -> None:
    assert {*NODES["queue"].required_exits} == {*QueueExit} - {QueueExit.CHOICE}
