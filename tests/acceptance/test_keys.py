"""Keys as a real phone sends them, however shortly each is held."""

from tests import audio
from tests.acceptance.conftest import SHIPPED, Phones, Throughline

SHORT = 0.04
SIGNED_OUT = "*3"


async def test_a_key_that_is_held_shortly_counts_once(throughline: Throughline, phones: Phones) -> None:
    bruno = await phones.agent("bruno")
    await bruno.call("*12001")
    await bruno.answered()
    await bruno.dtmf(throughline.command("pin", "ana").stdout.strip(), seconds=SHORT)
    await bruno.disconnected(within=20)
    assert audio.contains_prompt(phones.heard("bruno"), SHIPPED / "prompts/en/presence-available.wav") > 0.9
    for phone in (bruno, await phones.agent("ana")):
        await phone.call(SIGNED_OUT if phone is bruno else "*1")
        await phone.disconnected(within=20)
