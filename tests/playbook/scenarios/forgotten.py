"""The controller dies with all that it had to tell: nothing reached the disk. Who waits and who talks go on."""

from tests.playbook.fake_stage import FakePlay
from tests.playbook.registry import on_the_fake
from tests.playbook.scenes import talk, waits
from tests.playbook.sounds import MUSIC, RINGING

SOON = 1.0
EVER = 1000.0


async def _forgets(play: FakePlay, seconds: float = EVER) -> None:
    play.parent.kill(SOON, forgets=seconds)
    await play.passes(SOON)
    await play.served()


@on_the_fake
async def forgotten_while_they_wait(play: FakePlay) -> None:
    first, second = await waits(play, "first"), await waits(play, "second")
    await _forgets(play)
    assert first.phone.hears == second.phone.hears == {MUSIC}
    third = await waits(play, "third")
    ana = await play.agent("ana")
    for caller in (first, second, third):
        await ana.rings()
        await ana.answers()
        await caller.hears(ana)
        await caller.hangs_up()
        await ana.is_hung_up()


@on_the_fake
async def forgotten_while_they_talk(play: FakePlay) -> None:
    ana, bob = await talk(play)
    await _forgets(play)
    assert bob.phone.hears == {"ana"}
    assert play.app.acd.agents["ana"].busy_with
    await bob.hangs_up()
    await ana.is_hung_up()


@on_the_fake
async def forgotten_while_a_phone_rings(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await _forgets(play)
    assert bob.phone.hears == {RINGING}
    await ana.answers()
    await bob.hears(ana)
    await ana.hangs_up()
    await bob.is_hung_up()


@on_the_fake
async def forgotten_with_an_answer_meanwhile(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    play.parent.kill(SOON, forgets=EVER)
    await ana.answers()
    await bob.hears(ana)
    await play.passes(SOON)
    await play.served()
    assert bob.phone.hears == {"ana"}
    await bob.hangs_up()
    await ana.is_hung_up()


@on_the_fake
async def forgotten_with_the_answer_of_who_had_waited(play: FakePlay) -> None:
    bob = await waits(play, "bob")
    await play.passes(10)
    ana = await play.agent("ana")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await play.passes(3)
    await _forgets(play, seconds=9)
    assert bob.phone.hears == {"ana"}
    await bob.hangs_up()
    await ana.is_hung_up()


@on_the_fake
async def forgotten_with_the_next_talk_of_an_agent(play: FakePlay) -> None:
    ana, bob = await talk(play)
    await play.passes(10)
    kim = await waits(play, "kim")
    await bob.hangs_up()
    await ana.is_hung_up()
    await ana.rings()
    await ana.answers()
    await kim.hears(ana)
    await _forgets(play, seconds=8)
    assert kim.phone.hears == {"ana"}
    await kim.hangs_up()
    await ana.is_hung_up()
