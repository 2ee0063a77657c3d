"""Callers who wait, for whom, and for how long."""

from tests.playbook.center import MAX_WAIT, RING_TIME, WRAP_UP
from tests.playbook.play import Play
from tests.playbook.registry import on_the_fake, scenario
from tests.playbook.sounds import MUSIC, RINGING


@scenario
async def waits_with_music_until_an_agent_comes(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await play.passes(1)
    eva = await play.agent("eva")
    await eva.rings()
    await bob.hears(RINGING)
    await eva.answers()
    await bob.hears(eva)
    await eva.hears(bob)
    await eva.hangs_up()
    await bob.hears("goodbye")
    await bob.is_hung_up()
    await play.settles()


@scenario
async def wrap_up_then_the_next(play: Play) -> None:
    ana, bob, kim = await play.agent("ana"), await play.caller("bob"), await play.caller("kim")
    await bob.dials("1001")
    await ana.rings()
    await ana.answers()
    await kim.dials("1001")
    await kim.hears(MUSIC)
    await bob.hangs_up()
    await ana.is_hung_up()
    await ana.does_not_ring(WRAP_UP / 2)
    await ana.rings(within=WRAP_UP)
    await ana.answers()
    await ana.hears(kim)
    await ana.hangs_up()
    await kim.is_hung_up()
    await play.settles()


@scenario
async def two_wait_and_the_oldest_is_first(play: Play) -> None:
    bob, kim = await play.caller("bob"), await play.caller("kim")
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await kim.dials("1001")
    await kim.hears(MUSIC)
    bruno = await play.agent("bruno")
    await bruno.rings()
    await bruno.answers()
    await bruno.hears(bob)
    await bob.hangs_up()
    await bruno.is_hung_up()
    await bruno.rings()
    await bruno.answers()
    await bruno.hears(kim)
    await kim.hangs_up()
    await bruno.is_hung_up()
    await play.settles()


@scenario
async def nobody_comes_in_time(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1002")
    await bob.hears(MUSIC)
    await bob.hears("unavailable", within=MAX_WAIT + 1)
    await bob.is_hung_up()
    await play.settles()


@scenario
async def the_wait_is_over_while_a_phone_rings(play: Play) -> None:
    carla, bob = await play.agent("carla"), await play.caller("bob")
    await bob.dials("1002")
    await carla.rings()
    await bob.hears(RINGING)
    await carla.stops_ringing(within=MAX_WAIT + 0.5)
    await bob.hears_all("unavailable")
    await bob.is_hung_up()
    await carla.does_not_ring(1)
    await play.settles()


@on_the_fake
async def a_talk_outlasts_the_longest_wait(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1002")
    await ana.rings()
    await ana.answers()
    await play.passes(MAX_WAIT * 5)
    await bob.hears(ana)
    await ana.hangs_up()
    await bob.hears("goodbye")
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def waiting_goes_on_for_an_hour(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await play.passes(3600)
    ana = await play.agent("ana")
    await ana.rings()
    await ana.answers()
    await ana.hears(bob)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def a_caller_of_another_queue_is_served_by_age(play: Play) -> None:
    bob, kim = await play.caller("bob"), await play.caller("kim")
    await bob.dials("1000")
    await bob.presses("2")
    await bob.hears(MUSIC)
    await kim.dials("1001")
    await kim.hears(MUSIC)
    ana = await play.agent("ana")
    await ana.rings()
    await ana.answers()
    await ana.hears(bob)
    await kim.hears(MUSIC)
    await kim.hangs_up()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def ring_times_add_up_until_somebody_answers(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1001")
    await bob.hears(MUSIC)
    for name in ("ana", "bruno", "carla"):
        agent = await play.agent(name)
        await agent.rings()
        await agent.stops_ringing(within=RING_TIME + 1)
        await bob.hears(MUSIC, within=1)
    david = await play.agent("david")
    await david.rings()
    await david.answers()
    await bob.hears(david)
    await bob.hangs_up()
    await play.settles()
