"""A call is played again and again, and each time another of its commands fails, or something happens around it.

People act by themselves here, so that each goes on as people would; afterwards nothing may be wrong or left.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.fakes.asterisk.faults import Fault
from tests.playbook import center as test_center
from tests.playbook.fake_people import FakeAgent, FakeCaller
from tests.playbook.fake_stage import FakePlay, perform
from tests.playbook.habits import Agent, Caller, visit, work

Incident = Callable[[FakePlay, FakeAgent, FakeCaller], None]
Act = Callable[[FakePlay], Awaitable[None]]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return test_center.build(tmp_path_factory.mktemp("incidents") / "center")


async def _call(play: FakePlay, agent_comes_after: float, prepare: Callable[[FakeAgent, FakeCaller], None]) -> None:
    """One caller and one agent, who is there from the beginning or comes while the caller waits."""
    bob, ana = await play.caller("bob"), FakeAgent(play.asterisk.agent("ana"), play.asterisk)
    prepare(ana, bob)
    visiting = play.asterisk.tasks.spawn(visit(bob, play, Caller()), "bob")
    play.asterisk.tasks.spawn(work(ana, play, Agent()), "ana")
    await play.passes(agent_comes_after)
    await ana.comes_back()
    await visiting


ACTS: Final[dict[str, Callable[..., Awaitable[None]]]] = {
    "served": partial(_call, agent_comes_after=0.0),
    "waits": partial(_call, agent_comes_after=6.0),
}
INCIDENTS: Final[dict[str, Incident]] = {
    "caller leaves": lambda play, ana, bob: bob.phone.hang_up(),
    "agent leaves": lambda play, ana, bob: ana.phone.hang_up(),
    "agent vanishes": lambda play, ana, bob: ana.phone.vanish(),
    "events lost": lambda play, ana, bob: play.asterisk.sockets.drop("throughline"),
    "connection lost": lambda play, ana, bob: play.asterisk.sockets.drop(),
    "phone unregistered": lambda play, ana, bob: play.asterisk.registrar.unregister(ana.phone),
}


def _commands(act: Callable[..., Awaitable[None]], center: Path) -> list[str]:
    """The commands of an undisturbed performance."""
    seen: list[str] = []

    async def undisturbed(play: FakePlay) -> None:
        await act(play, prepare=lambda ana, bob: None)
        seen.extend(play.asterisk.commands.seen)

    perform(undisturbed, center)
    return seen


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_each_command_fails(
    act: Callable[..., Awaitable[None]], fault: Fault, center: Path, subtests: pytest.Subtests
) -> None:
    for number, command in enumerate(_commands(act, center), start=1):

        async def disturbed(play: FakePlay, number: int = number) -> None:
            play.asterisk.commands.faults[number] = fault
            await act(play, prepare=lambda ana, bob: None)

        with subtests.test(command=f"{number} {command}"):
            perform(disturbed, center)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("incident", INCIDENTS.values(), ids=INCIDENTS)
def test_something_happens_around_each_command(
    incident: Incident, moment: str, center: Path, subtests: pytest.Subtests
) -> None:
    act = ACTS["waits"]
    for number, command in enumerate(_commands(act, center), start=1):

        async def disturbed(play: FakePlay, number: int = number) -> None:
            moments = getattr(play.asterisk.commands, moment)
            await act(play, prepare=lambda ana, bob: moments.update({number: partial(incident, play, ana, bob)}))

        with subtests.test(command=f"{number} {command}"):
            perform(disturbed, center)
