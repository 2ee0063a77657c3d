"""Callers and agents who talk, and how they part."""

from tests.playbook.play import Play
from tests.playbook.registry import scenario
from tests.playbook.sounds import RINGING


@scenario
async def talk_and_agent_hangs_up(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1000")
    await bob.hears_all("welcome")
    await bob.hears("menu")
    await bob.presses("1")
    await ana.rings()
    await bob.hears(RINGING)
    await ana.answers()
    await ana.hears(bob)
    await bob.hears(ana)
    await ana.hangs_up()
    await bob.hears_all("goodbye")
    await bob.is_hung_up()
    await play.settles()


@scenario
async def talk_and_caller_hangs_up(play: Play) -> None:
    bruno, bob = await play.agent("bruno"), await play.caller("bob")
    await bob.dials("1001")
    await bruno.rings()
    await bruno.answers()
    await bob.hears(bruno)
    await bruno.hears(bob)
    await bob.hangs_up()
    await bruno.is_hung_up(within=1)
    await play.settles()


@scenario
async def two_talk_at_once_and_do_not_hear_each_other(play: Play) -> None:
    carla, david = await play.agent("carla"), await play.agent("david")
    bob, kim = await play.caller("bob"), await play.caller("kim")
    await bob.dials("1001")
    await carla.rings()
    await carla.answers()
    await kim.dials("1001")
    await david.rings()
    await david.answers()
    await carla.hears(bob)
    await david.hears(kim)
    await bob.hears(carla)
    await kim.hears(david)
    await carla.hangs_up()
    await kim.hangs_up()
    await bob.hears("goodbye")
    await bob.is_hung_up()
    await play.settles()
