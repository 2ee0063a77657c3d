"""Agents who say from their phones whether they take calls."""

from tests.playbook.play import Play
from tests.playbook.registry import on_the_fake, scenario
from tests.playbook.sounds import MUSIC


@scenario
async def signs_out_and_in_by_code(play: Play) -> None:
    eva, bob = await play.agent("eva"), await play.caller("bob")
    await eva.dials("*2")
    await eva.hears_all("presence-away")
    await eva.is_hung_up()
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await eva.does_not_ring(1)
    await bob.hangs_up()
    await eva.dials("*1")
    await eva.hears_all("presence-available")
    await eva.is_hung_up()
    await bob.dials("1001")
    await eva.rings()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def signs_in_by_code_while_somebody_waits(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await ana.dials("*2")
    await ana.is_hung_up()
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await ana.dials("*1")
    await ana.hears_all("presence-available")
    await ana.rings(within=5)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def an_unknown_code_changes_nothing(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await ana.dials("*7")
    await ana.hears_all("code-unknown")
    await ana.is_hung_up()
    await bob.dials("1001")
    await ana.rings()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def signs_out_in_a_talk_and_gets_no_other(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await ana.dials("*3")
    await ana.hears_all("presence-offline")
    await play.settles()
    kim = await play.caller("kim")
    await kim.dials("1001")
    await ana.does_not_ring(5)
    await kim.hangs_up()
    await play.settles()
