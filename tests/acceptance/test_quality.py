"""How legs sounded is told of both sides by Asterisk itself, whoever hangs up: phones lose packets on purpose."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from bridge.journal import read
from config.instance import Instance
from telephony.phone.mailbox import PhoneTimeout
from telephony.quality import POOR
from tests.acceptance.conftest import Phones, Throughline
from tests.fleet.call import Call
from tests.fleet.fleet import Fleet, Manner
from tests.fleet.phone import Account

SOON = 15.0
RECKONED = 6.0
LONG = 60.0


@pytest.fixture
async def fleet(throughline: Throughline) -> AsyncIterator[Fleet]:
    """Light phones, which send no reports of their own."""
    host, _, port = throughline.sip.rpartition(":")
    fleet = Fleet((host, int(port)))
    yield fleet
    await fleet.close()


@pytest.mark.parametrize("agent_leaves", [True, False])
async def test_lost_packets_are_in_the_fact_and_in_the_story(
    throughline: Throughline, fleet: Fleet, agent_leaves: bool
) -> None:
    call, contact = await talking(throughline, fleet, RECKONED if agent_leaves else LONG, loses=10)
    await call.until(lambda: False, LONG if agent_leaves else RECKONED)
    call.hang_up()
    told = await told_of(throughline, contact)
    caller, agent = told["caller"], told["agent"]
    assert caller["loss"] == pytest.approx(0.1, abs=0.02)
    assert caller["received"] / caller["sent"] == pytest.approx(0.9, abs=0.02)
    assert agent["loss"] == 0.0
    assert caller["mos"] < POOR < agent["mos"]
    story = [str(line["text"]) for line in throughline.why(caller["interaction"])]
    (poor,) = [line for line in story if "poor" in line]
    assert re.fullmatch(r"the caller's line was poor \(MOS 3\.[2-5]\): (9|10|11)% of the packets lost", poor)


async def test_a_phone_that_sends_reports_tells_how_long_there_and_back(
    throughline: Throughline, phones: Phones
) -> None:
    bruno, caller = await phones.agent("bruno"), await phones.caller("far")
    await caller.call("1000")
    await caller.answered()
    await caller.dtmf("1")
    contact = (await bruno.incoming()).headers["X-Contact-Id"]
    await bruno.answer()
    with suppress(PhoneTimeout):
        await caller.disconnected(within=3 * RECKONED)
    await caller.hangup()
    told = await told_of(throughline, contact)
    assert told["agent"]["loss_there"] is not None
    for quality in told.values():
        assert 0 < quality["round_trip"] < 0.2
        assert quality["mos"] > 4


async def talking(throughline: Throughline, fleet: Fleet, talks: float, loses: int) -> tuple[Call, str]:
    """A caller whose packets get lost, in a talk with an agent, and her contact's id."""
    account = throughline.account("ana")
    agent = await fleet.hire(Account(account.username, account.password), lambda: Manner(talks=talks))
    call = fleet.call("1000", "0700900200")
    call.lose(every=loses)
    assert await call.until(lambda: call.report.first_sound is not None, SOON)
    call.press("1")
    assert await call.until(lambda: "ana" in call.report.heard, SOON + 15)
    return call, agent.calls[0].report.contact


async def told_of(throughline: Throughline, contact: str) -> dict[str, dict[str, Any]]:
    """How both legs of a contact sounded, by party."""
    async with asyncio.timeout(SOON):
        while True:
            entries = read(Instance(throughline.home).journal, 0, 100_000)
            told = [each for each in entries if each.type == "LegQuality" and each.body["contact_id"] == contact]
            if len(told) >= 2:
                return {each.body["party"]: each.body | {"interaction": each.interaction_id} for each in told}
            await asyncio.sleep(0.05)
