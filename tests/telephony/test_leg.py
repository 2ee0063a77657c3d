"""One party's part of a call."""

import pytest

from telephony.leg import Leg, LegState, Party


async def test_a_leg_begins_by_dialing_and_promises_its_answer_and_its_end() -> None:
    leg = Leg("l1", Party.AGENT, "c1", "i1")
    assert leg.state is LegState.DIALING
    assert not leg.up.done()
    assert not leg.ended.done()


@pytest.mark.parametrize("state", LegState)
async def test_a_leg_is_over_once_it_has_ended(state: LegState) -> None:
    assert Leg("l1", Party.CALLER, "c1", "i1", state).over == (state is LegState.ENDED)


async def test_legs_that_look_the_same_are_two() -> None:
    first, second = (Leg("l1", Party.CALLER, "c1", "i1") for _ in range(2))
    assert first != second
