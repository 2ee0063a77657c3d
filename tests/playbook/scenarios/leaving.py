"""Callers who hang up, at every point of their way."""

from tests.playbook.play import Play
from tests.playbook.registry import on_the_fake, scenario
from tests.playbook.sounds import MUSIC, RINGING


@on_the_fake
async def hangs_up_before_the_answer(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hangs_up()
    await play.settles()


@scenario
async def hangs_up_in_a_prompt(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("welcome")
    await bob.hangs_up()
    await play.settles()


@scenario
async def hangs_up_in_the_menu(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("menu")
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def hangs_up_when_asked_for_a_key(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears_all("welcome")
    await bob.hears_all("menu")
    await play.passes(1)
    await bob.hangs_up()
    await play.settles()


@scenario
async def hangs_up_while_waiting(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await bob.hangs_up()
    await play.settles()
    david = await play.agent("david")
    await david.does_not_ring(0.5)


@scenario
async def hangs_up_while_a_phone_rings(play: Play) -> None:
    david, bob = await play.agent("david"), await play.caller("bob")
    await bob.dials("1001")
    await david.rings()
    await bob.hears(RINGING)
    await bob.hangs_up()
    await david.stops_ringing(within=0.5)
    await play.settles()


@scenario
async def hangs_up_just_after_the_answer(play: Play) -> None:
    eva, bob = await play.agent("eva"), await play.caller("bob")
    await bob.dials("1001")
    await eva.rings()
    await eva.answers()
    await bob.hangs_up()
    await eva.is_hung_up(within=1)
    await play.settles()


@scenario
async def hangs_up_while_hearing_goodbye(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await ana.hangs_up()
    await bob.hears("goodbye")
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def both_hang_up_at_once(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await ana.is_hung_up(within=1)
    await play.settles()


@on_the_fake
async def a_caller_vanishes_while_waiting(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await bob.vanishes()
    await play.passes(100)
    await play.settles()


@on_the_fake
async def a_caller_vanishes_in_a_talk(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.answers()
    await ana.hears(bob)
    await bob.vanishes()
    await ana.is_hung_up(within=100)
    await play.settles()
