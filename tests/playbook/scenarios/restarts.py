"""The controller dies, and another one goes on with all that it had begun."""

from telephony.events import ContactArrived
from telephony.ids import new_id
from tests.playbook.fake_people import FakeAgent, FakeCaller
from tests.playbook.fake_stage import FakePlay
from tests.playbook.registry import on_the_fake
from tests.playbook.scenes import rings, talk, waits
from tests.playbook.sounds import MUSIC, RINGING

GONE = 3.0
SOON = 1.0


async def _talk(play: FakePlay) -> tuple[FakeAgent, FakeCaller]:
    """For a while, so that it is on record."""
    both = await talk(play)
    await play.passes(SOON)
    return both


@on_the_fake
async def killed_in_a_menu(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("menu")
    async with play.dead():
        await play.passes(GONE)
    await bob.hears("menu", within=SOON)
    ana = await play.agent("ana")
    await bob.presses("1")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()


@on_the_fake
async def killed_in_a_prompt_that_goes_on(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("welcome")
    async with play.dead():
        await play.passes(0.2)
        assert bob.phone.hears == {"welcome"}, "it was cut short"
    await bob.hears("welcome", within=SOON)
    await bob.hears("menu")
    await bob.hangs_up()


@on_the_fake
async def killed_while_callers_wait(play: FakePlay) -> None:
    first = await waits(play, "first")
    await play.passes(5)
    second = await waits(play, "second")
    async with play.dead():
        await play.passes(GONE)
        assert first.phone.hears == second.phone.hears == {MUSIC}
        third = await play.caller("third")
        await third.dials("1001")
        await third.hears(MUSIC)
    assert first.phone.hears == {MUSIC}
    await play.passes(2)
    ana = await play.agent("ana")
    for caller in (first, second, third):
        await ana.rings()
        await ana.answers()
        await caller.hears(ana)
        await caller.hangs_up()


@on_the_fake
async def killed_while_she_waits_and_she_leaves(play: FakePlay) -> None:
    bob = await waits(play)
    async with play.dead():
        await bob.hangs_up()
        await play.passes(GONE)
    ana = await play.agent("ana")
    await ana.does_not_ring(3)


@on_the_fake
async def killed_while_a_phone_rings(play: FakePlay) -> None:
    ana, bob = await rings(play)
    async with play.dead():
        await play.passes(SOON)
        assert bob.phone.hears == {RINGING}
    await play.passes(SOON)
    await ana.answers()
    await bob.hears(ana)
    await ana.hangs_up()
    await bob.hears("goodbye")
    await bob.is_hung_up()


@on_the_fake
async def killed_while_a_phone_rings_and_she_answers(play: FakePlay) -> None:
    ana, bob = await rings(play)
    async with play.dead():
        await ana.answers()
        await bob.hears(ana)
        await play.passes(GONE)
    await play.passes(10)
    assert bob.phone.hears == {"ana"}, "they were torn apart"
    await ana.hangs_up()
    await bob.hears("goodbye")
    await bob.is_hung_up()


@on_the_fake
async def killed_while_a_phone_rings_and_she_declines(play: FakePlay) -> None:
    ana, bob = await rings(play)
    async with play.dead():
        await ana.declines()
        await play.passes(GONE)
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()


@on_the_fake
async def killed_while_a_phone_rings_and_nobody_answers(play: FakePlay) -> None:
    ana, bob = await rings(play)
    async with play.dead():
        await play.passes(SOON)
    await bob.hears(MUSIC)
    await ana.does_not_ring(10)
    await bob.hangs_up()


@on_the_fake
async def killed_while_a_phone_rings_and_the_caller_leaves(play: FakePlay) -> None:
    ana, bob = await rings(play)
    async with play.dead():
        await bob.hangs_up()
        await play.passes(SOON)
    await ana.stops_ringing(within=SOON)


@on_the_fake
async def killed_while_a_phone_rings_and_they_talk_and_the_agent_leaves(play: FakePlay) -> None:
    """Nobody saw that she was served, and yet it is known."""
    ana, bob = await rings(play)
    async with play.dead():
        await ana.answers()
        await bob.hears(ana)
        await play.passes(SOON)
        await ana.hangs_up()
        await play.passes(SOON)
    await bob.hears("goodbye", within=SOON)
    await bob.is_hung_up()


@on_the_fake
async def killed_in_a_talk(play: FakePlay) -> None:
    ana, bob = await _talk(play)
    async with play.dead():
        await play.passes(GONE)
        assert bob.phone.hears == {"ana"}
    kim = await waits(play, "kim")
    await ana.does_not_ring(3)
    assert bob.phone.hears == {"ana"}, "they were torn apart"
    await ana.hangs_up()
    await bob.hears_all("goodbye")
    await bob.is_hung_up()
    await ana.rings()
    await ana.answers()
    await kim.hears(ana)
    await kim.hangs_up()


@on_the_fake
async def killed_in_a_talk_and_the_agent_leaves(play: FakePlay) -> None:
    ana, bob = await _talk(play)
    async with play.dead():
        await ana.hangs_up()
        await play.passes(GONE)
    await bob.hears("goodbye", within=SOON)
    await bob.is_hung_up()


@on_the_fake
async def killed_in_a_talk_and_the_caller_leaves(play: FakePlay) -> None:
    ana, bob = await _talk(play)
    async with play.dead():
        await bob.hangs_up()
        await play.passes(GONE)
    await ana.is_hung_up(within=SOON)


@on_the_fake
async def killed_in_the_wrap_up(play: FakePlay) -> None:
    ana, bob = await _talk(play)
    await bob.hangs_up()
    await ana.is_hung_up()
    async with play.dead():
        await play.passes(0.2)
    kim = await play.caller("kim")
    await kim.dials("1001")
    await ana.rings()
    await kim.hangs_up()


@on_the_fake
async def killed_in_the_goodbye(play: FakePlay) -> None:
    ana, bob = await _talk(play)
    await ana.hangs_up()
    await bob.hears("goodbye")
    async with play.dead():
        await play.passes(0.2)
    await bob.hears("goodbye", within=SOON)
    await bob.is_hung_up()


@on_the_fake
async def killed_while_an_agent_is_away(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await ana.dials("*2")
    await ana.is_hung_up()
    async with play.dead():
        await play.passes(GONE)
    await bob.dials("1001")
    await ana.does_not_ring(5)
    await ana.dials("*1")
    await ana.is_hung_up()
    await ana.rings()
    await bob.hangs_up()


@on_the_fake
async def killed_while_an_agent_dials_a_code(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await ana.dials("*2")
    await ana.hears("presence-away")
    async with play.dead():
        await play.passes(0.2)
    await ana.hears("presence-away", within=3)
    await ana.is_hung_up()
    await bob.dials("1001")
    await ana.does_not_ring(5)
    await bob.hangs_up()


@on_the_fake
async def killed_again_and_again(play: FakePlay) -> None:
    bob = await waits(play)
    for _ in range(5):
        async with play.dead():
            await play.passes(0.5)
        assert bob.phone.hears == {MUSIC}
    ana = await play.agent("ana")
    await ana.rings()
    async with play.dead():
        await ana.answers()
    for _ in range(5):
        async with play.dead():
            await play.passes(0.5)
        assert bob.phone.hears == {"ana"}
    await bob.hangs_up()
    await ana.is_hung_up()


@on_the_fake
async def killed_in_a_prompt_before_it_was_on_record(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1002")
    await bob.hears("unavailable")
    play.parent.kill(SOON, forgets=0.5)
    await play.passes(SOON)
    await bob.hears("unavailable", within=SOON)
    await bob.hangs_up()


@on_the_fake
async def killed_between_the_first_two_words_about_a_caller(play: FakePlay) -> None:
    """Her arrival is on record, her leg is not: she comes anew, and that record is closed."""
    ana, bob = await play.agent("ana"), await play.caller("bob")
    arrived = ContactArrived(
        interaction_id=new_id(), contact_id=new_id(), medium="voice", address="1001", customer="bob"
    )
    play.app.facts.publish(arrived)
    async with play.dead():
        await play.passes(SOON)
    await bob.dials("1001")
    await ana.rings()
    await bob.hangs_up()
