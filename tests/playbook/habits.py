"""People who act by themselves, for performances that nobody writes word for word."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.asterisk.phones import AgentPhone
from tests.playbook.fake_people import FakeAgent, FakeCaller
from tests.playbook.fake_stage import FakePlay

FOR_EVER = 10.0**6
THINKS = 0.5


class Reaction(StrEnum):
    """What an agent does when her phone rings."""

    ANSWERS = "answers"
    DECLINES = "declines"
    IS_BUSY = "is busy"
    IGNORES = "ignores"


@dataclass(frozen=True)
class Agent:
    """An agent's habits: how she reacts to one ring after the other (the last for ever), how long after it began,
    and how long she talks."""

    reactions: Sequence[Reaction] = (Reaction.ANSWERS,)
    after: float = 1.0
    talks: float = 3.0


@dataclass(frozen=True)
class Caller:
    """A caller's habits: when she calls what, the key she presses in the menu, and when she has had enough."""

    at: float = 0.0
    number: str = "1000"
    key: str = "1"
    patience: float = 30.0


async def work(agent: FakeAgent, play: FakePlay, habits: Agent) -> None:
    """Takes calls for ever."""
    phone, number = agent.phone, 0
    while await play.asterisk.until(lambda: phone.rings, FOR_EVER):
        reaction = habits.reactions[min(number, len(habits.reactions) - 1)]
        number += 1
        await asyncio.sleep(habits.after)
        await _react(phone, play, reaction, habits.talks)


async def visit(caller: FakeCaller, play: FakePlay, habits: Caller) -> None:
    """One call, from the dialling to the end."""
    phone = caller.phone
    await asyncio.sleep(habits.at)
    phone.dial(habits.number)
    asyncio.get_running_loop().call_later(habits.patience, phone.hang_up)
    if habits.number == "1000":
        await play.asterisk.until(lambda: "menu" in phone.hears or phone.channel is None, habits.patience)
        await asyncio.sleep(THINKS)
        await phone.press(habits.key)
    await play.asterisk.until(lambda: phone.channel is None, FOR_EVER)


async def _react(phone: AgentPhone, play: FakePlay, reaction: Reaction, talks: float) -> None:
    match reaction:
        case Reaction.ANSWERS:
            phone.answer()
            await play.asterisk.until(lambda: phone.channel is None, talks)
            phone.hang_up()
        case Reaction.DECLINES:
            phone.decline()
        case Reaction.IS_BUSY:
            phone.be_busy()
    await play.asterisk.until(lambda: not phone.rings and phone.channel is None, FOR_EVER)
