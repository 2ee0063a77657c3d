"""A short soak: some sixty calls of all kinds, each accounted for, and nothing left behind."""

from collections.abc import Iterator

import pytest

from telephony.asterisk.install import AsteriskProgram
from tests.bench.soak.center import OwnCenter
from tests.bench.soak.run import Plan, Soak
from tests.bench.soak.table import lines

PLAN = Plan(seconds=20, rate=3, agents=10, seed=7)


@pytest.fixture
def center(asterisk_program: AsteriskProgram) -> Iterator[OwnCenter]:
    """A center of its own, whose ringing and wrap-up are short."""
    own = OwnCenter.make(PLAN.agents)
    try:
        own.open()
        yield own
    finally:
        own.close(keep=False)


@pytest.mark.timeout(300)
async def test_every_call_of_a_busy_moment_is_accounted_for(center: OwnCenter) -> None:
    outcome = await Soak(center, PLAN, print).run()
    print("\n".join(lines(outcome, center.instance.log)))
    assert not {what: found for what, found in outcome.findings.found.items() if found}
    assert not any(outcome.left.values())
    assert not outcome.fleet_failures
    assert outcome.outcomes["served"] > outcome.placed / 2 > 20
