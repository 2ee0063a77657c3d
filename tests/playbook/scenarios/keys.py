"""Callers at the menu: wrong keys, no keys, and keys before their time."""

from tests.playbook.play import Play
from tests.playbook.registry import on_the_fake, scenario
from tests.playbook.sounds import MUSIC

THINKING = 5.0


@scenario
async def a_wrong_key_then_the_right_one(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("menu")
    await bob.presses("9")
    await bob.hears_all("invalid")
    await bob.hears("menu")
    await bob.presses("2")
    await bob.hears(MUSIC)
    await bob.hangs_up()
    await play.settles()


@scenario
async def a_key_typed_ahead_skips_the_question(play: Play) -> None:
    bruno, bob = await play.agent("bruno"), await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("welcome")
    await bob.presses("1")
    await bruno.rings(within=1)
    await bruno.answers()
    await bob.hears(bruno)
    await bruno.hangs_up()
    await bob.hears_all("goodbye")
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def two_keys_typed_ahead_answer_two_questions(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("welcome")
    await bob.presses("91")
    await ana.rings(within=1)
    await ana.declines()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def no_keys_at_all(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    for _ in range(2):
        await bob.hears_all("menu")
        await bob.hears_all("no-input", within=THINKING + 1)
    await bob.hears_all("menu")
    await bob.hears_all("unavailable", within=THINKING + 1)
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def only_wrong_keys(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    for key in "90":
        await bob.hears("menu")
        await bob.presses(key)
        await bob.hears_all("invalid")
    await bob.hears("menu")
    await bob.presses("#")
    await bob.hears("unavailable")
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def keys_of_a_talk_do_not_silence_the_goodbye(play: Play) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await bob.presses("5")
    await ana.hangs_up()
    await bob.hears_all("goodbye")
    await bob.is_hung_up()
    await play.settles()


@on_the_fake
async def keys_while_waiting_do_not_silence_the_apology(play: Play) -> None:
    bob = await play.caller("bob")
    await bob.dials("1002")
    await bob.hears(MUSIC)
    await bob.presses("0")
    await bob.hears_all("unavailable")
    await bob.is_hung_up()
    await play.settles()
