"""Many callers and many agents at once, who do as they please; afterwards nothing may be wrong or left."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.playbook import center as test_center
from tests.playbook.center import AGENTS
from tests.playbook.fake_people import FakeAgent
from tests.playbook.fake_stage import FakePlay, perform
from tests.playbook.habits import Agent, Caller, Reaction, visit, work

NUMBERS = ("1000", "1001", "1002")
# Among them the ring time and the longest wait, and moments just before and after.
MOMENTS = (0.0, 0.001, 0.3, 1.0, 2.0, 2.9, 2.999, 3.0, 3.001, 4.0, 4.9, 4.999, 5.0, 5.001)
quietly = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=15)

callers = some.builds(
    Caller,
    at=some.integers(0, 200).map(lambda tenths: tenths / 10),
    number=some.sampled_from(NUMBERS),
    key=some.sampled_from("129"),
    patience=some.sampled_from(MOMENTS) | some.integers(1, 60).map(float),
)
agents = some.builds(
    Agent,
    reactions=some.lists(some.sampled_from(Reaction), min_size=1, max_size=4).map(tuple),
    after=some.sampled_from(MOMENTS),
    talks=some.sampled_from(MOMENTS) | some.integers(5, 40).map(float),
)


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return test_center.build(tmp_path_factory.mktemp("crowds") / "center")


async def crowd(
    play: FakePlay, of_callers: Sequence[Caller], of_agents: Sequence[Agent], outages: Sequence[float] = ()
) -> None:
    """Everybody comes and does as they please, until the last caller has gone; at times the connection is lost."""
    for moment in outages:
        asyncio.get_running_loop().call_later(moment, play.asterisk.sockets.drop)
    spawn = play.asterisk.tasks.spawn
    for name, works in zip(AGENTS, of_agents, strict=False):
        agent = FakeAgent(play.asterisk.agent(name), play.asterisk)
        await agent.comes_back()
        spawn(work(agent, play, works), name)
    visits = [spawn(visit(await play.caller(f"c{n}"), play, each), f"c{n}") for n, each in enumerate(of_callers)]
    for each in visits:
        await each


@quietly
@given(some.lists(callers, min_size=1, max_size=8), some.lists(agents, max_size=4), some.integers(0, 999))
def test_a_few(center: Path, of_callers: list[Caller], of_agents: list[Agent], seed: int) -> None:
    perform(lambda play: crowd(play, of_callers, of_agents), center, seed)


@quietly
@given(
    some.lists(callers, min_size=1, max_size=5),
    some.lists(agents, max_size=3),
    some.lists(some.integers(0, 300).map(lambda tenths: tenths / 10), min_size=1, max_size=3),
    some.integers(0, 999),
)
def test_a_few_and_outages(
    center: Path, of_callers: list[Caller], of_agents: list[Agent], outages: list[float], seed: int
) -> None:
    perform(lambda play: crowd(play, of_callers, of_agents, outages), center, seed)


@quietly
@given(some.integers(0, 2**32))
def test_thirty_callers_and_ten_agents(center: Path, seed: int) -> None:
    chance = random.Random(seed)
    of_callers = [
        Caller(
            chance.uniform(0, 20), chance.choice(NUMBERS), chance.choice("1112229"), chance.choice((1, 3, 9, 60, 90))
        )
        for _ in range(30)
    ]
    of_agents = [
        Agent(chance.choices(list(Reaction), (6, 1, 1, 1), k=4), chance.choice(MOMENTS), chance.choice((1, 5, 20)))
        for _ in range(10)
    ]
    perform(lambda play: crowd(play, of_callers, of_agents), center, seed)
