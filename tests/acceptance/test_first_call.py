"""The first call, as the README tells it, judged by what each side hears and by what is kept."""

import asyncio

from bridge.journal import read
from config.instance import Instance
from telephony.phone import protocol
from tests import audio
from tests.acceptance.conftest import SHIPPED, Phones, Throughline

CALLERS_TONE, AGENTS_TONE = 1000, 620
RING_TONE = 480
PROMPTS = SHIPPED / "prompts" / "en"


async def test_a_caller_meets_the_menu_waits_with_music_and_talks_to_the_agent(
    throughline: Throughline, phones: Phones
) -> None:
    caller = await phones.caller(tone=CALLERS_TONE)
    await caller.call("1000")
    await caller.answered()
    await asyncio.sleep(6)  # both prompts are heard to their end
    await caller.dtmf("2")
    await asyncio.sleep(2)  # nobody is there: music

    carla = await phones.agent("carla", tone=AGENTS_TONE)
    offered = await carla.incoming()
    assert offered.number == "caller"
    interaction = offered.headers["X-Interaction-Id"]
    assert offered.headers["X-Contact-Id"] != interaction
    await asyncio.sleep(2)  # ring tone
    await carla.answer()
    await asyncio.sleep(2)
    ended = await carla.hangup()
    assert ended.by == "us"
    await caller.disconnected(within=15)

    heard = phones.heard("caller")
    for prompt in ("welcome", "menu", "goodbye"):
        assert audio.contains_prompt(heard, PROMPTS / f"{prompt}.wav") > 0.9
    assert audio.seconds_of(heard, RING_TONE) > 1.5
    assert audio.seconds_of(heard, AGENTS_TONE) > 1.5
    assert audio.seconds_of(phones.heard("carla"), CALLERS_TONE) > 1.5
    assert audio.gaps(phones.heard("carla"), CALLERS_TONE) == []

    story = await closed(throughline, interaction)
    assert in_order(
        story,
        "reached 1000 by voice",
        "the call is answered",
        "flow welcome: menu left by 2",
        "waits in the queue support",
        "is offered to carla",
        "the agent's phone rings",
        "carla answered",
        "talks with the agent",
        "is alone again: the agent left",
        "contact closed",
        "carla is done",
        "interaction closed",
    )


async def test_a_caller_who_hangs_up_first_ends_the_agents_call_and_begins_her_wrap_up(
    throughline: Throughline, phones: Phones
) -> None:
    bruno = await phones.agent("bruno")
    caller = await phones.caller("second")
    await caller.call("1000")
    await caller.answered()
    await caller.dtmf("1")
    interaction = (await bruno.incoming()).headers["X-Interaction-Id"]
    await bruno.answer()
    await caller.hangup()
    assert (await bruno.wait_for(protocol.Disconnected)).by == "them"
    story = await closed(throughline, interaction)
    assert in_order(story, "talks with the agent", "contact closed: the caller hung up", "bruno is done")


async def closed(throughline: Throughline, interaction: str) -> list[str]:
    """The story of an interaction, once it is closed: an agent's wrap-up takes ten seconds."""
    async with asyncio.timeout(25):
        while not await asyncio.to_thread(told_closed, throughline, interaction):
            await asyncio.sleep(0.1)
        while True:
            story = [str(line["text"]) for line in await asyncio.to_thread(throughline.why, interaction)]
            if any(line.startswith("interaction closed") for line in story):
                return story
            await asyncio.sleep(0.5)


def told_closed(throughline: Throughline, interaction: str) -> bool:
    """Whether it has come about, before somebody asks for the story."""
    facts = read(Instance(throughline.home).journal, 0, 1_000_000)
    moves = [each.body for each in facts if each.type == "InteractionMoved" and each.interaction_id == interaction]
    return bool(moves) and moves[-1]["now"] == "closed"


def in_order(story: list[str], *expected: str) -> bool:
    """Whether these words come in the story, in this order; says which does not."""
    rest = iter(story)
    for words in expected:
        assert any(words in line for line in rest), f"{words!r} is not where it should be in {story}"
    return True
