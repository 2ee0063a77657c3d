"""What a controller tells of itself survives its way as JSON."""

import asyncio

import msgspec

from bridge.status import AgentStatus, Status
from telephony.acd.standing import Standing
from telephony.agent import Agent
from telephony.assignment import Assignment, AssignmentState
from telephony.contact import Medium
from telephony.tasks import FAILURES, TaskSet


def status(facts: int = 10, projected: int = 10) -> Status:
    ana = Agent("ana", "Ana", frozenset({"sales"}), trouble="")
    ana.assignments["a"] = Assignment("a", "c", "i", "ana", "sales", Medium.VOICE)
    bruno = Agent("bruno", "Bruno", frozenset())
    agents = {"ana": AgentStatus.of(ana, Standing.OFFERED), "bruno": AgentStatus.of(bruno, Standing.PHONE)}
    return Status("abc", True, False, {"sales": 2}, agents, facts, projected, 0, {"calls": 1})


def test_it_is_read_as_it_was_told() -> None:
    told = status()
    assert msgspec.json.decode(msgspec.json.encode(told), type=Status) == told
    assert told.agents["ana"] == AgentStatus("available", True, AssignmentState.OFFERED, "offered")
    assert told.agents["bruno"] == AgentStatus("available", False, "", "phone")


def test_the_store_lags_by_what_it_does_not_hold_yet() -> None:
    assert (status(10, 7).lag, status(10, 11).lag) == (3, 0)


async def test_failed_tasks_are_counted_for_the_whole_process() -> None:
    async def fail() -> None:
        raise ValueError

    before, tasks = FAILURES["a test"], TaskSet("a test")
    await asyncio.wait([tasks.spawn(fail(), "fails")])
    await asyncio.sleep(0)
    assert FAILURES["a test"] == before + 1
