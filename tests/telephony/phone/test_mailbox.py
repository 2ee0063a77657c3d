"""Each event is handed out once, and a wait that fails says what was waited for and what came."""

import asyncio

import pytest

from telephony.phone.mailbox import Mailbox, PhoneGone, PhoneTimeout, Wanted
from telephony.phone.protocol import Dtmf, Event, Ringing


def key(digit: str, call: int = 1) -> Dtmf:
    return Dtmf(call=call, digit=digit, seconds=0.1)


async def test_events_wait_for_those_who_want_them() -> None:
    mailbox = Mailbox("ann")
    for digit in "12":
        mailbox.post(key(digit))
    mailbox.post(Ringing(call=1, code=180))
    assert (await mailbox.wait(Wanted(Ringing), 0.1)).code == 180
    assert [(await mailbox.wait(Wanted(Dtmf), 0.1)).digit for _ in range(2)] == ["1", "2"]
    assert len(mailbox.past) == 3


async def test_a_wait_takes_only_what_fits() -> None:
    mailbox = Mailbox("ann")
    waiting = asyncio.create_task(mailbox.wait(Wanted(Dtmf, call=2), 1))
    await asyncio.sleep(0)
    mailbox.post(key("1", call=1))
    mailbox.post(key("2", call=2))
    assert (await waiting).digit == "2"
    assert (await mailbox.wait(Wanted(Dtmf), 0.1)).digit == "1"


async def test_two_waits_get_two_events() -> None:
    mailbox = Mailbox("ann")
    waits = [asyncio.create_task(mailbox.wait(Wanted(Dtmf), 1)) for _ in range(2)]
    await asyncio.sleep(0)
    for digit in "12":
        mailbox.post(key(digit))
    assert [(await wait).digit for wait in waits] == ["1", "2"]


async def test_an_event_that_is_put_back_comes_first() -> None:
    mailbox = Mailbox("ann")
    for digit in "12":
        mailbox.post(key(digit))
    mailbox.put_back(await mailbox.wait(Wanted(Dtmf), 0.1))
    assert (await mailbox.wait(Wanted(Dtmf), 0.1)).digit == "1"
    mailbox.drop(Wanted(Dtmf))
    with pytest.raises(PhoneTimeout):
        await mailbox.wait(Wanted(Event), 0.01)


async def test_a_wait_in_vain_tells_the_story() -> None:
    mailbox = Mailbox("ann")
    mailbox.post(key("5"))
    with pytest.raises(PhoneTimeout) as failure:
        await mailbox.wait(Wanted(Ringing, call=3), 0.01)
    story = "ann waited 0.01 s for ringing(call=3); what came: dtmf(digit='5', seconds=0.1, call=1)"
    assert str(failure.value) == story


async def test_a_wait_that_is_given_up_leaves_the_event_to_others() -> None:
    mailbox = Mailbox("ann")
    waiting = asyncio.create_task(mailbox.wait(Wanted(Dtmf), 1))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    mailbox.post(key("1"))
    assert (await mailbox.wait(Wanted(Dtmf), 0.1)).digit == "1"


async def test_the_end_reaches_those_who_wait_and_those_who_come() -> None:
    mailbox = Mailbox("ann")
    waiting = asyncio.create_task(mailbox.wait(Wanted(Dtmf), 1))
    await asyncio.sleep(0)
    mailbox.post(Ringing(call=1, code=180))
    mailbox.close(PhoneGone("it is over"))
    with pytest.raises(PhoneGone, match="it is over"):
        await waiting
    assert await mailbox.wait(Wanted(Ringing), 1)
    with pytest.raises(PhoneGone, match="it is over"):
        await mailbox.wait(Wanted(Dtmf), 1)
