"""Two things at once: events that reach us in one piece, in either order, and people who act within milliseconds."""

from collections.abc import Awaitable, Callable

from tests.playbook.center import MAX_WAIT
from tests.playbook.fake_people import FakeAgent, FakeCaller
from tests.playbook.fake_stage import FakePlay
from tests.playbook.play import Play
from tests.playbook.registry import on_the_fake, scenario
from tests.playbook.sounds import MUSIC

Deed = Callable[[], Awaitable[None]]


async def _rung(play: FakePlay, number: str = "1001") -> tuple[FakeAgent, FakeCaller]:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials(number)
    await ana.rings()
    return ana, bob


async def _talking(play: FakePlay) -> tuple[FakeAgent, FakeCaller]:
    ana, bob = await _rung(play)
    await ana.answers()
    await bob.hears(ana)
    return ana, bob


async def _at_once(play: FakePlay, *deeds: Deed) -> None:
    with play.asterisk.one_batch():
        for deed in deeds:
            await deed()
    await play.settles()


@on_the_fake
async def answers_then_caller_leaves_in_one_batch(play: FakePlay) -> None:
    ana, bob = await _rung(play)
    await _at_once(play, ana.answers, bob.hangs_up)


@on_the_fake
async def caller_leaves_then_answers_in_one_batch(play: FakePlay) -> None:
    ana, bob = await _rung(play)
    await _at_once(play, bob.hangs_up, ana.answers)


@on_the_fake
async def declines_then_caller_leaves_in_one_batch(play: FakePlay) -> None:
    ana, bob = await _rung(play)
    await _at_once(play, ana.declines, bob.hangs_up)


@on_the_fake
async def caller_leaves_then_declines_in_one_batch(play: FakePlay) -> None:
    ana, bob = await _rung(play)
    await _at_once(play, bob.hangs_up, ana.declines)


@on_the_fake
async def both_leave_in_one_batch_agent_first(play: FakePlay) -> None:
    ana, bob = await _talking(play)
    await _at_once(play, ana.hangs_up, bob.hangs_up)


@on_the_fake
async def both_leave_in_one_batch_caller_first(play: FakePlay) -> None:
    ana, bob = await _talking(play)
    await _at_once(play, bob.hangs_up, ana.hangs_up)


@on_the_fake
async def answers_and_leaves_in_one_batch(play: FakePlay) -> None:
    ana, bob = await _rung(play)
    with play.asterisk.one_batch():
        await ana.answers()
        await ana.hangs_up()
    await play.passes(1)
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def caller_comes_and_leaves_in_one_batch(play: FakePlay) -> None:
    bob = await play.caller("bob")
    await bob.dials("1000")
    await _at_once(play, bob.hangs_up)


@on_the_fake
async def presses_and_leaves_in_one_batch(play: FakePlay) -> None:
    _, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1000")
    await bob.hears("menu")
    await _at_once(play, lambda: bob.presses("1"), bob.hangs_up)


@on_the_fake
async def one_agent_and_two_callers_in_one_batch(play: FakePlay) -> None:
    ana, bob, kim = await play.agent("ana"), await play.caller("bob"), await play.caller("kim")
    await bob.dials("1000")
    await kim.dials("1000")
    await kim.hears("menu")
    with play.asterisk.one_batch():
        await kim.presses("1")
        await bob.presses("1")
    for _ in (bob, kim):
        await ana.rings()
        await ana.answers()
        await play.passes(1)
        await ana.hangs_up()
    await bob.is_hung_up()
    await kim.is_hung_up()
    await play.settles()


@scenario
async def two_callers_for_one_agent(play: Play) -> None:
    bob, kim = await play.caller("bob"), await play.caller("kim")
    jonas = await play.agent("jonas")
    await bob.dials("1001")
    await play.passes(0.1)  # bob is first
    await kim.dials("1001")
    await jonas.rings()
    await jonas.answers()
    await jonas.hears(bob)
    await kim.hears(MUSIC)
    await kim.hangs_up()
    await bob.hangs_up()
    await jonas.is_hung_up()
    await play.settles()


@on_the_fake
async def comes_back_while_two_wait(play: Play) -> None:
    ana, bob, kim = await play.agent("ana"), await play.caller("bob"), await play.caller("kim")
    await ana.leaves()
    await play.passes(0.1)
    await bob.dials("1001")
    await play.passes(0.1)  # bob is first
    await kim.dials("1001")
    await bob.hears(MUSIC)
    await kim.hears(MUSIC)
    await ana.comes_back()
    await ana.rings()
    await ana.answers()
    await ana.hears(bob)
    await kim.hears(MUSIC)
    await kim.hangs_up()
    await bob.hangs_up()
    await play.settles()


@on_the_fake
async def answers_in_the_tick_in_which_the_wait_is_over(play: FakePlay) -> None:
    ana, _ = await _rung(play, "1002")
    await play.until(_queued_at(play) + MAX_WAIT)
    with play.asterisk.one_batch():
        ana.phone.answer()
    await play.passes(1)
    ana.phone.hang_up()
    await play.settles()


def _queued_at(play: FakePlay) -> float:
    return next(told.at for told in play.evidence().told if getattr(told.fact, "now", "") == "queued")


def _offsets() -> list[float]:
    """Milliseconds around a moment, more densely near it."""
    return [sign * step / 1000 for step in (0.1, 0.3, 0.6, 1, 1.5, 2, 3, 4, 6, 9) for sign in (-1, 1)]


def _answers_when_the_wait_is_over(offset: float) -> None:
    async def act(play: FakePlay) -> None:
        ana, _ = await _rung(play, "1002")
        await play.until(_queued_at(play) + MAX_WAIT + offset)
        if ana.phone.rings:
            await ana.answers()
        await play.passes(1)
        await ana.hangs_up()
        await play.settles()

    act.__name__ = f"answers_{1000 * offset:+g}_ms_from_the_end_of_the_wait"
    on_the_fake(act)


def _leaves_when_she_answers(offset: float) -> None:
    async def act(play: FakePlay) -> None:
        ana, bob = await _rung(play)
        first, second = (ana.phone.answer, bob.phone.hang_up) if offset > 0 else (bob.phone.hang_up, ana.phone.answer)
        first()
        await play.passes(abs(offset))
        second()
        await play.settles()

    act.__name__ = f"caller_leaves_{1000 * offset:+g}_ms_from_the_answer"
    on_the_fake(act)


def _leaves_when_the_ring_ends(offset: float) -> None:
    async def act(play: FakePlay) -> None:
        ana, bob = await _rung(play)
        first, second = (ana.phone.decline, bob.phone.hang_up) if offset > 0 else (bob.phone.hang_up, ana.phone.decline)
        first()
        await play.passes(abs(offset))
        second()
        await play.settles()

    act.__name__ = f"caller_leaves_{1000 * offset:+g}_ms_from_the_refusal"
    on_the_fake(act)


for _offset in _offsets():
    _answers_when_the_wait_is_over(_offset)
    _leaves_when_she_answers(_offset)
    _leaves_when_the_ring_ends(_offset)
