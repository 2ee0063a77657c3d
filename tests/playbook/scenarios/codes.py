"""Agents who say from their phones whether they take calls."""

from telephony.service_codes import LOCKED_FOR, PIN_LENGTH
from tests.playbook.play import Agent, Play
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


EXTENSIONS = {"ana": "2001", "bruno": "2002", "felix": "2006", "gina": "2007"}
WRONG = "000000"


async def _signs_in(play: Play, who: str, at: Agent, pin: str = "") -> None:
    await at.dials("*1" + EXTENSIONS[who])
    await at.hears_all("pin")
    await at.presses(pin or play.pin(who))


@scenario
async def signs_in_at_a_colleagues_phone_and_is_called_there(play: Play) -> None:
    felix, gina, bob = await play.agent("felix"), await play.agent("gina"), await play.caller("bob")
    await gina.dials("*2")
    await gina.is_hung_up()
    await _signs_in(play, "gina", at=felix)
    await felix.hears_all("presence-available")
    await felix.is_hung_up()
    await bob.dials("1001")
    await felix.rings()
    await felix.answers()
    await bob.hears(felix)
    await bob.hangs_up()
    await felix.is_hung_up()
    await felix.dials("*3")
    await felix.hears_all("presence-offline")
    await felix.is_hung_up()
    await bob.dials("1001")
    await felix.rings()
    await bob.hangs_up()
    await gina.dials("*1")
    await gina.is_hung_up()
    await play.settles()


@on_the_fake
async def a_wrong_pin_changes_nothing(play: Play) -> None:
    ana, bruno, bob = await play.agent("ana"), await play.agent("bruno"), await play.caller("bob")
    await ana.dials("*2")
    await ana.is_hung_up()
    await _signs_in(play, "ana", at=bruno, pin=WRONG)
    for _ in range(2):
        await bruno.hears_all("pin-wrong")
        await bruno.hears_all("pin")
        await bruno.presses(WRONG)
    await bruno.hears_all("pin-wrong")
    await bruno.is_hung_up()
    await bob.dials("1001")
    await bruno.rings()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def a_pin_is_not_guessed_by_trying(play: Play) -> None:
    ana, bruno = await play.agent("ana"), await play.agent("bruno")
    for tries in (3, 2):
        await _signs_in(play, "ana", at=bruno, pin=WRONG)
        for _ in range(tries - 1):
            await bruno.hears_all("pin-wrong")
            await bruno.hears_all("pin")
            await bruno.presses(WRONG)
        await bruno.hears("pin-wrong" if tries == 3 else "pin-locked")
        await bruno.is_hung_up()
    await ana.dials("*1" + EXTENSIONS["ana"])
    await ana.hears_all("pin-locked")
    await ana.is_hung_up()
    await play.passes(LOCKED_FOR)
    await _signs_in(play, "ana", at=bruno)
    await bruno.hears_all("presence-available")
    await bruno.is_hung_up()
    await play.settles()


@on_the_fake
async def a_pin_that_is_not_finished_is_asked_for_again(play: Play) -> None:
    ana, bruno = await play.agent("ana"), await play.agent("bruno")
    await _signs_in(play, "ana", at=bruno, pin=play.pin("ana")[: PIN_LENGTH - 1])
    await bruno.hears_all("pin-wrong", within=11)
    await bruno.hears_all("pin")
    await bruno.presses(play.pin("ana"))
    await bruno.hears_all("presence-available")
    await bruno.hangs_up()
    await ana.does_not_ring(1)
    await play.settles()


@on_the_fake
async def an_extension_that_is_nobodys_is_no_code(play: Play) -> None:
    ana = await play.agent("ana")
    for dialled in ("*12999", "*22001", "*1999999999"):
        await ana.dials(dialled)
        await ana.hears_all("code-unknown")
        await ana.is_hung_up()
    await play.settles()


@on_the_fake
async def an_owner_takes_her_phone_back(play: Play) -> None:
    ana, bruno, bob = await play.agent("ana"), await play.agent("bruno"), await play.caller("bob")
    await _signs_in(play, "ana", at=bruno)
    await bruno.is_hung_up()
    await _signs_in(play, "bruno", at=bruno)
    await bruno.is_hung_up()
    await ana.dials("*2")
    await ana.is_hung_up()
    await bob.dials("1001")
    await bruno.rings()
    await ana.does_not_ring(1)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def she_is_called_where_her_phone_is_when_that_phone_fails(play: Play) -> None:
    ana, bruno, bob = await play.agent("ana"), await play.agent("bruno"), await play.caller("bob")
    await _signs_in(play, "ana", at=bruno)
    await bruno.is_hung_up()
    await bruno.leaves()
    await bob.dials("1001")
    await ana.does_not_ring(2)
    await ana.dials("*1")
    await ana.hears_all("presence-available")
    await ana.rings()
    await ana.answers()
    await bob.hears(ana)
    await bob.hangs_up()
    await play.settles()
