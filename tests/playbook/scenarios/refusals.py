"""Agents who do not take the call, in every way there is."""

from tests.playbook.center import RING_TIME
from tests.playbook.fake_stage import FakePlay
from tests.playbook.play import Play
from tests.playbook.registry import on_the_fake, scenario
from tests.playbook.sounds import MUSIC, RINGING, SILENCE

PASSED_OVER = 30.0
RESTS = 10.0
UNRESPONSIVE = 30.0


@scenario
async def declined_and_the_next_one_answers(play: Play) -> None:
    felix, gina, bob = await play.agent("felix"), await play.agent("gina"), await play.caller("bob")
    await bob.dials("1001")
    await felix.rings()
    await felix.declines()
    await gina.rings(within=2)
    await gina.answers()
    await bob.hears(gina)
    await felix.does_not_ring(0.5)
    await gina.hangs_up()
    await bob.is_hung_up()
    await play.settles()


@scenario
async def declined_and_music_again(play: Play) -> None:
    hugo, bob = await play.agent("hugo"), await play.caller("bob")
    await bob.dials("1001")
    await hugo.rings()
    await bob.hears(RINGING)
    await hugo.declines()
    await bob.hears(MUSIC, within=2)
    await hugo.does_not_ring(1)
    await bob.hangs_up()
    await play.settles()


@scenario
async def busy_and_the_next_one_answers(play: Play) -> None:
    ines, jonas, bob = await play.agent("ines"), await play.agent("jonas"), await play.caller("bob")
    await bob.dials("1001")
    await ines.rings()
    await ines.is_busy()
    await jonas.rings(within=2)
    await jonas.answers()
    await jonas.hears(bob)
    await bob.hangs_up()
    await play.settles()


@scenario
async def not_answered_and_the_next_one_answers(play: Play) -> None:
    hugo, ana, bob = await play.agent("hugo"), await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await hugo.rings()
    await hugo.stops_ringing(within=RING_TIME + 1)
    await ana.rings(within=2)
    await ana.answers()
    await bob.hears(ana)
    await ana.hangs_up()
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def declined_and_comes_back_to_her_in_time(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.declines()
    await bob.hears(MUSIC, within=1)
    await ana.does_not_ring(PASSED_OVER - 1)
    await ana.rings(within=2)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def declined_by_all_and_music_between(play: Play) -> None:
    agents = [await play.agent(name) for name in ("ana", "bruno", "carla")]
    bob = await play.caller("bob")
    await bob.dials("1001")
    for agent in agents:
        await agent.rings()
        await agent.declines()
    await bob.hears(MUSIC, within=1)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def a_refused_call_leaves_her_free_for_others(play: Play) -> None:
    ana, bob, kim = await play.agent("ana"), await play.caller("bob"), await play.caller("kim")
    await bob.dials("1001")
    await ana.rings()
    await ana.declines()
    await kim.dials("1001")
    await ana.rings(within=1)
    await ana.answers()
    await ana.hears(kim)
    await kim.hangs_up()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def a_busy_phone_rests(play: Play) -> None:
    ana, bob, kim = await play.agent("ana"), await play.caller("bob"), await play.caller("kim")
    await bob.dials("1001")
    await ana.rings()
    await ana.is_busy()
    await kim.dials("1001")
    await ana.does_not_ring(RESTS - 1)
    await ana.rings(within=2)
    await ana.answers()
    await ana.hears(kim)
    await kim.hangs_up()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def not_answered_unresponsive_and_back(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.stops_ringing(within=RING_TIME + 1)
    await bob.hears(MUSIC, within=1)
    await ana.does_not_ring(UNRESPONSIVE - 1)
    await ana.rings(within=2)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def unreachable_though_registered(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    play.asterisk.registrar.contacts.clear()
    await bob.dials("1001")
    await bob.hears(MUSIC, within=1)
    await play.passes(5)
    await ana.comes_back()
    await ana.rings(within=PASSED_OVER + 1)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def unreachable_and_the_next_one_answers(play: FakePlay) -> None:
    _, bruno, bob = await play.agent("ana"), await play.agent("bruno"), await play.caller("bob")
    del play.asterisk.registrar.contacts["ana"]
    await bob.dials("1001")
    await bruno.rings(within=1)
    await bruno.answers()
    await bob.hears(bruno)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def leaves_while_somebody_waits(play: Play) -> None:
    bob, ana = await play.caller("bob"), await play.agent("ana")
    await ana.leaves()
    await play.passes(0.1)
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await ana.does_not_ring(5)
    await ana.comes_back()
    await ana.rings(within=1)
    await ana.answers()
    await ana.hears(bob)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def leaves_while_her_phone_rings_and_answers(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.leaves()
    await play.passes(0.1)
    await ana.answers()
    await ana.hears(bob)
    await ana.hangs_up()
    await bob.is_hung_up()
    await play.settles()


@scenario
async def vanishes_before_it_rings(play: Play) -> None:
    felix, gina, bob = await play.agent("felix"), await play.agent("gina"), await play.caller("bob")
    await felix.vanishes()
    await bob.dials("1001")
    await gina.rings(within=RING_TIME + 2)
    await gina.answers()
    await gina.hears(bob)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def vanishes_while_it_rings(play: Play) -> None:
    ana, bruno, bob = await play.agent("ana"), await play.agent("bruno"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.vanishes()
    await bruno.rings(within=RING_TIME + 1)
    await bruno.answers()
    await bob.hears(bruno)
    await bob.hangs_up()
    await play.settles()


@scenario
async def vanishes_in_a_talk(play: Play) -> None:
    ines, bob = await play.agent("ines"), await play.caller("bob")
    await bob.dials("1001")
    await ines.rings()
    await ines.answers()
    await bob.hears(ines)
    await ines.vanishes()
    await bob.hears(SILENCE, within=5)
    await bob.hears("goodbye", within=40)
    await bob.is_hung_up()
    await play.settles()
