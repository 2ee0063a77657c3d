"""A call is played again and again, and each time the controller dies just before or after another of its commands,
or freezes there; another one goes on. Afterwards nobody was lost, and nothing may be wrong or left."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.playbook import center as test_center
from tests.playbook.fake_people import FakeAgent
from tests.playbook.fake_stage import FakePlay, perform
from tests.playbook.habits import Agent, Caller, Reaction, visit, work

Act = Callable[[FakePlay], Awaitable[None]]
AWAY: Final = 1.5
FOREVER: Final = 1e6
PATIENCE: Final = 40.0


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return test_center.build(tmp_path_factory.mktemp("crashes") / "center")


async def _call(play: FakePlay, agent: Agent, comes_after: float, hangs_up_after: float) -> None:
    """One caller and one agent, who is there from the beginning or comes while the caller waits."""
    bob, ana = await play.caller("bob"), FakeAgent(play.asterisk.agent("ana"), play.asterisk)
    visiting = play.asterisk.tasks.spawn(visit(bob, play, Caller(patience=hangs_up_after)), "bob")
    play.asterisk.tasks.spawn(work(ana, play, agent), "ana")
    await play.passes(comes_after)
    await ana.comes_back()
    await visiting
    assert bob.phone.channel is None


ACTS: Final[dict[str, Act]] = {
    "served": partial(_call, agent=Agent(), comes_after=0.0, hangs_up_after=PATIENCE),
    "waits": partial(_call, agent=Agent(), comes_after=6.0, hangs_up_after=PATIENCE),
    "declined": partial(
        _call, agent=Agent((Reaction.DECLINES, Reaction.ANSWERS)), comes_after=0.0, hangs_up_after=2 * PATIENCE
    ),
    "leaves": partial(_call, agent=Agent(after=3.0), comes_after=0.0, hangs_up_after=7.5),
}


def _commands(act: Act, center: Path) -> list[str]:
    """The commands of an undisturbed performance."""
    seen: list[str] = []

    async def undisturbed(play: FakePlay) -> None:
        await act(play)
        seen.extend(play.asterisk.commands.seen)

    perform(undisturbed, center)
    return seen


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_controller_dies_at_each_command(act: Act, moment: str, center: Path, subtests: pytest.Subtests) -> None:
    for number, command in enumerate(_commands(act, center), start=1):

        async def disturbed(play: FakePlay, number: int = number) -> None:
            getattr(play.asterisk.commands, moment)[number] = partial(play.is_replaced_soon, AWAY)
            await act(play)
            await play.served()

        with subtests.test(command=f"{number} {command}"):
            perform(disturbed, center)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_controller_dies_at_each_command_and_nothing_was_kept(
    act: Act, center: Path, subtests: pytest.Subtests
) -> None:
    for number, command in enumerate(_commands(act, center), start=1):

        async def disturbed(play: FakePlay, number: int = number) -> None:
            play.asterisk.commands.after[number] = partial(play.parent.kill, AWAY, FOREVER)
            await act(play)
            await play.served()

        with subtests.test(command=f"{number} {command}"):
            perform(disturbed, center)
