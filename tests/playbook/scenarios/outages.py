"""The connection to Asterisk is lost, in every phase of a call, and comes back; calls go on in Asterisk meanwhile."""

from telephony.events import CallCutOff
from tests.playbook.fake_stage import FakePlay
from tests.playbook.registry import on_the_fake
from tests.playbook.scenes import rings, talk, waits
from tests.playbook.sounds import MUSIC

AWAY = 1.0
BACK_WITHIN = 3.0


@on_the_fake
async def lost_in_a_prompt(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("welcome")
    with play.asterisk.away():
        await play.passes(AWAY / 2)
    await bob.hears("menu")
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def lost_while_a_prompt_ends(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("welcome")
    with play.asterisk.away():
        await play.passes(3)
    await bob.hears("menu")
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def only_events_are_lost_while_a_prompt_ends(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("welcome")
    await play.passes(2.0)
    play.asterisk.sockets.drop("throughline")
    await bob.hears("menu")
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def lost_while_a_key_is_pressed(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("menu")
    with play.asterisk.away():
        await bob.presses("1")
    await play.passes(BACK_WITHIN)
    await bob.presses("1")
    await ana.rings()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def lost_while_she_leaves_the_menu(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("menu")
    with play.asterisk.away():
        await bob.hangs_up()
        await play.passes(AWAY)
    await play.settles()


@on_the_fake
async def lost_while_she_waits(play: FakePlay) -> None:
    bob = await waits(play)
    with play.asterisk.away():
        await play.passes(AWAY)
    ana = await play.agent("ana")
    await ana.rings(within=BACK_WITHIN)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def lost_while_she_stops_waiting(play: FakePlay) -> None:
    bob = await waits(play)
    with play.asterisk.away():
        await bob.hangs_up()
        await play.passes(AWAY)
    ana = await play.agent("ana")
    await ana.does_not_ring(BACK_WITHIN)
    await play.settles()


@on_the_fake
async def lost_while_an_agent_comes(play: FakePlay) -> None:
    bob = await waits(play)
    with play.asterisk.away():
        ana = await play.agent("ana")
        await play.passes(AWAY)
    await ana.rings(within=40)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def lost_while_a_phone_rings(play: FakePlay) -> None:
    ana, bob = await rings(play)
    with play.asterisk.away():
        await play.passes(AWAY)
    await play.passes(BACK_WITHIN)
    await ana.answers()
    await bob.hears(ana)
    await play.passes(10)
    await bob.hears(ana)
    await ana.hangs_up()
    await bob.hears("goodbye")
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def lost_while_she_answers(play: FakePlay) -> None:
    ana, bob = await rings(play)
    with play.asterisk.away():
        await ana.answers()
        await bob.hears(ana)
        await play.passes(AWAY)
    await play.passes(20)
    assert bob.phone.hears == {"ana"}, "they were torn apart"
    await ana.hangs_up()
    await bob.hears("goodbye")
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def lost_while_she_declines(play: FakePlay) -> None:
    ana, bob = await rings(play)
    with play.asterisk.away():
        await ana.declines()
        await play.passes(AWAY)
    await bob.hears(MUSIC, within=BACK_WITHIN)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def lost_while_the_caller_of_a_ring_leaves(play: FakePlay) -> None:
    ana, bob = await rings(play)
    with play.asterisk.away():
        await bob.hangs_up()
        await play.passes(AWAY)
    await ana.stops_ringing(within=BACK_WITHIN)
    await play.settles()


@on_the_fake
async def lost_in_a_talk(play: FakePlay) -> None:
    ana, bob = await talk(play)
    with play.asterisk.away():
        await play.passes(AWAY)
    await play.passes(BACK_WITHIN)
    assert bob.phone.hears == {"ana"}, "they were torn apart"
    await ana.hangs_up()
    await bob.hears_all("goodbye")
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def lost_while_the_agent_leaves(play: FakePlay) -> None:
    ana, bob = await talk(play)
    with play.asterisk.away():
        await ana.hangs_up()
        await play.passes(AWAY)
    await bob.hears("goodbye", within=BACK_WITHIN)
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def lost_while_the_caller_leaves(play: FakePlay) -> None:
    ana, bob = await talk(play)
    with play.asterisk.away():
        await bob.hangs_up()
        await play.passes(AWAY)
    await ana.is_hung_up(within=BACK_WITHIN)
    await play.settles()


@on_the_fake
async def lost_while_both_leave(play: FakePlay) -> None:
    ana, bob = await talk(play)
    with play.asterisk.away():
        await bob.hangs_up()
        await ana.hangs_up()
        await play.passes(AWAY)
    await play.settles()


@on_the_fake
async def lost_while_the_goodbye_ends(play: FakePlay) -> None:
    ana, bob = await talk(play)
    await ana.hangs_up()
    await bob.hears("goodbye")
    with play.asterisk.away():
        await play.passes(5)
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def lost_in_the_wrap_up(play: FakePlay) -> None:
    ana, bob = await talk(play)
    await bob.hangs_up()
    with play.asterisk.away():
        await play.passes(AWAY)
    await play.settles()
    kim = await play.caller("kim")
    await kim.dials("1001")
    await ana.rings()
    await kim.hangs_up()
    await play.settles()


@on_the_fake
async def she_calls_while_it_is_lost(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    with play.asterisk.away():
        await bob.dials("1001")
        await bob.hears(MUSIC)
        await play.passes(AWAY)
    await ana.rings(within=BACK_WITHIN + 1)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def she_calls_while_it_is_lost_for_long(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    with play.asterisk.away():
        await bob.dials("1001")
        await play.passes(20)
    await ana.rings(within=BACK_WITHIN + 1)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def she_calls_and_leaves_while_it_is_lost(play: FakePlay) -> None:
    bob = await play.caller("bob")
    with play.asterisk.away():
        await bob.dials("1001")
        await play.passes(AWAY)
        await bob.hangs_up()
    await play.passes(BACK_WITHIN)
    await play.settles()


@on_the_fake
async def phones_change_while_the_manager_interface_is_lost(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    play.asterisk.manager.drop()
    await ana.leaves()
    await play.passes(BACK_WITHIN)
    await bob.dials("1001")
    await bob.hears(MUSIC)
    play.asterisk.manager.drop()
    await ana.comes_back()
    await ana.rings(within=BACK_WITHIN)
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def another_controller_takes_over(play: FakePlay) -> None:
    async with play.another_controller():
        await play.passes(1)
        assert play.app.fence.taken_over
    await play.opens()


@on_the_fake
async def asterisk_dies(play: FakePlay) -> None:
    bob = await waits(play)
    ana, kim = await play.agent("ana"), await play.caller("kim")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await kim.dials("1001")
    await kim.hears(MUSIC)
    play.asterisk.die()
    await play.passes(AWAY)
    play.asterisk.live()
    await play.passes(BACK_WITHIN)
    cut_off = [told.fact for told in play.evidence().told if isinstance(told.fact, CallCutOff)]
    assert [fact.state for fact in cut_off] == ["connected", "queued"]
    await kim.dials("1001")
    await ana.rings()
    await ana.answers()
    await kim.hears(ana)
    await kim.hangs_up()


@on_the_fake
async def asterisk_dies_and_the_controller_with_it(play: FakePlay) -> None:
    await talk(play)
    await play.passes(AWAY)
    play.asterisk.die()
    play.parent.kill(AWAY)
    play.asterisk.live()
    await play.served()
    cut_off = [told.fact for told in play.evidence().told if isinstance(told.fact, CallCutOff)]
    assert [fact.state for fact in cut_off] == ["connected"]


@on_the_fake
async def who_was_here_comes_back_while_another_takes_over(play: FakePlay) -> None:
    """Whoever connected last serves; the other one does nothing more, even if it was still reading the world."""
    bob = await waits(play)
    first = play.app
    with play.asterisk.away():
        play.parent.begins()
        await play.passes(AWAY)
    await play.passes(BACK_WITHIN)
    second = play.parent.apps[-1]
    assert first.fence.stands != second.fence.stands
    ana = await play.agent("ana")
    await ana.rings()
    await bob.hangs_up()
