"""Real phones that call each other, with no server between them."""

import asyncio
import os
from pathlib import Path

import pytest

from telephony.phone import protocol
from telephony.phone.mailbox import PhoneError, PhoneGone, PhoneTimeout
from telephony.phone.remote import Phone
from tests.audio import RATE, gaps, levels, read, seconds_of, sine
from tests.telephony.phone.conftest import StartPhone


async def connect(caller: Phone, callee: Phone) -> None:
    """A call between the two, answered."""
    await caller.call(callee.uri)
    await callee.incoming()
    await callee.answer()
    await caller.answered()


async def test_both_sides_hear_what_the_other_plays(start_phone: StartPhone, tmp_path: Path) -> None:
    low, high = sine(tmp_path / "low.wav", 440, 1.0), sine(tmp_path / "high.wav", 700, 1.0)
    ann = await start_phone("ann", play=str(low), record=str(tmp_path / "ann-{call}.wav"))
    bob = await start_phone("bob")
    await ann.call(bob.uri)
    await bob.incoming()
    await bob.record(str(tmp_path / "bob.wav"))
    await bob.answer()
    await bob.play(str(high))
    await ann.played()
    await bob.played()
    ended = await ann.hangup()
    await bob.disconnected()

    assert seconds_of(tmp_path / "bob.wav", 440) == pytest.approx(1.0, abs=0.1)
    assert seconds_of(tmp_path / "ann-1.wav", 700) == pytest.approx(1.0, abs=0.1)
    assert gaps(tmp_path / "bob.wav", 440) == gaps(tmp_path / "ann-1.wav", 700) == []
    assert seconds_of(tmp_path / "ann-1.wav", 440) == seconds_of(tmp_path / "bob.wav", 700) == 0
    assert ended.media.packets_sent > 45
    assert ended.media.packets_received > 45
    assert ended.media.packets_lost == 0


@pytest.mark.parametrize(("callers", "encrypted"), [("offered", True), ("off", False)])
async def test_sound_is_encrypted_when_both_sides_can(start_phone: StartPhone, callers: str, encrypted: bool) -> None:
    ann, bob = await start_phone("ann", srtp=callers), await start_phone("bob", srtp="offered")
    await connect(ann, bob)
    assert ((await ann.stats()).encrypted, (await bob.stats()).encrypted) == (encrypted, encrypted)


async def test_required_encryption_needs_keys_that_nobody_reads_on_the_way(start_phone: StartPhone) -> None:
    ann, bob = await start_phone("ann", srtp="required"), await start_phone("bob", srtp="offered")
    with pytest.raises(PhoneError):
        await ann.call(bob.uri)


async def test_a_phone_can_run_behind_another_command() -> None:
    async with await Phone.start(protocol.Account(register=False), through=("env", "--")) as ann:
        assert ann.ready.port


async def test_the_sound_begins_with_the_answer(start_phone: StartPhone, tmp_path: Path) -> None:
    tone = sine(tmp_path / "tone.wav", 440, 0.5)
    ann = await start_phone("ann", play=str(tone))
    bob = await start_phone("bob", auto_answer=0.3, record=str(tmp_path / "bob.wav"))
    await ann.call(bob.uri)
    rang, answered = await bob.incoming(), await bob.answered()
    await ann.played()
    await bob.stop_recording()

    assert 0.3 <= answered.at - rang.at < 0.6
    heard = levels(read(tmp_path / "bob.wav"), 440) > 0.05
    assert heard[:10].any(), "the tone came later than 0.2 s after the answer"


async def test_keys_go_across_with_their_length(start_phone: StartPhone) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob")
    await connect(ann, bob)
    await ann.dtmf("5", seconds=0.3)
    key = await bob.wait_for(protocol.Dtmf)
    assert key.digit == "5"
    assert key.seconds == pytest.approx(0.3, abs=0.05)
    await bob.dtmf("19*#", seconds=0.08)
    assert await ann.digits(4) == "19*#"


@pytest.mark.parametrize(("code", "reason"), [(603, "Decline"), (486, "Busy Here"), (404, "Not Found")])
async def test_a_refused_caller_is_told_why(start_phone: StartPhone, code: int, reason: str) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob")
    await ann.call(bob.uri)
    await bob.incoming()
    await ann.ringing()
    await bob.ring()
    await bob.decline(code)
    with pytest.raises(PhoneError, match=f"code={code}"):
        await ann.answered()
    ended = await ann.disconnected()
    assert (ended.code, ended.reason, ended.by) == (code, reason, "them")
    assert (await bob.disconnected()).by == "us"


async def test_busy_is_486(start_phone: StartPhone) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob")
    await ann.call(bob.uri)
    await bob.incoming()
    await bob.busy()
    assert (await ann.disconnected()).code == 486


async def test_either_side_can_end_a_call(start_phone: StartPhone) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob")
    for ending, other in [(ann, bob), (bob, ann)]:
        await connect(ann, bob)
        assert (await ending.hangup()).by == "us"
        assert (await other.disconnected()).by == "them"


async def test_a_caller_who_gives_up_stops_the_ringing(start_phone: StartPhone) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob", auto_answer=30)
    await ann.call(bob.uri)
    await bob.incoming()
    await ann.ringing()
    assert (await ann.hangup()).code == 487
    assert (await bob.disconnected()).by == "them"


async def test_the_invite_says_who_calls_and_about_what(start_phone: StartPhone) -> None:
    ann = await start_phone("+4930123", display_name='Änn "the" Caller')
    bob = await start_phone("bob")
    await ann.call(
        bob.uri, {"X-Interaction-Id": "0190-a", "X-Contact-Id": "0190-b", "P-Asserted-Identity": "<sip:1@x>"}
    )
    call = await bob.incoming()
    assert (call.number, call.name) == ("+4930123", 'Änn "the" Caller')
    assert call.headers["X-Interaction-Id"] == "0190-a"
    assert call.headers["X-Contact-Id"] == "0190-b"
    assert call.headers["P-Asserted-Identity"] == "<sip:1@x>"


async def test_a_hold_is_seen_by_both_and_silent(start_phone: StartPhone, tmp_path: Path) -> None:
    tone = str(sine(tmp_path / "tone.wav", 440, 0.5))
    ann, bob = await start_phone("ann", play=tone), await start_phone("bob", record=str(tmp_path / "bob.wav"))
    await connect(ann, bob)
    await ann.played()
    await bob.hold()
    assert (await ann.wait_for(protocol.Held)).by == "them"
    await asyncio.sleep(0.5)
    await bob.unhold()
    await ann.wait_for(protocol.Resumed)
    await ann.play(tone)
    await ann.played()
    ended = await bob.hangup()

    assert gaps(tmp_path / "bob.wav", 440) == [pytest.approx(0.6, abs=0.15)]
    assert 40 < ended.media.packets_received < 75


async def test_one_call_waits_while_another_is_made(start_phone: StartPhone) -> None:
    ann, bob, eve = await start_phone("ann"), await start_phone("bob"), await start_phone("eve", auto_answer=0)
    await connect(ann, bob)
    await bob.hold()
    second = await bob.call(eve.uri)
    await bob.answered()
    await bob.hangup(call=second)
    await bob.unhold()
    await bob.dtmf("7")
    assert await ann.digits() == "7"


async def test_a_transfer_that_is_refused_leaves_the_call(start_phone: StartPhone) -> None:
    ann, bob, eve = await start_phone("ann"), await start_phone("bob"), await start_phone("eve")
    await connect(ann, bob)
    assert (await bob.transfer(eve.uri)).code == 603
    await ann.dtmf("7")
    assert await bob.digits() == "7"


async def test_a_phone_that_is_killed_says_nothing(start_phone: StartPhone, tmp_path: Path) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob")
    await connect(ann, bob)
    bob.kill()
    with pytest.raises(PhoneGone, match="SIGKILL"):
        await bob.wait_for(protocol.Disconnected)
    before = await ann.stats()
    with pytest.raises(PhoneTimeout, match=r"waited 0.5 s for disconnected.*confirmed"):
        await ann.disconnected(within=0.5)
    after = await ann.stats()
    assert after.packets_sent > before.packets_sent
    assert after.packets_received <= before.packets_received + 2


async def test_a_recording_is_whole_when_it_is_stopped(start_phone: StartPhone, tmp_path: Path) -> None:
    tone = sine(tmp_path / "tone.wav", 440, 1.0, rate=16000)
    ann, bob = await start_phone("ann"), await start_phone("bob", auto_answer=0, play=str(tone))
    await ann.call(bob.uri)
    await ann.answered()
    await ann.record(str(tmp_path / "ann.wav"))
    await bob.played()
    await ann.stop_recording()
    assert len(read(tmp_path / "ann.wav")) > 0.9 * RATE
    assert seconds_of(tmp_path / "ann.wav", 440) > 0.8


async def test_what_cannot_be_done_is_refused_with_a_reason(start_phone: StartPhone, tmp_path: Path) -> None:
    ann = await start_phone("ann")
    with pytest.raises(PhoneError, match="has had no call"):
        await ann.answer()
    with pytest.raises(PhoneError, match="there is no call"):
        await ann.do(protocol.Hangup())
    with pytest.raises(PhoneError, match="URI"):
        await ann.call("sip:")
    with pytest.raises(PhoneError, match="target"):
        await ann.call("1000\r\nX-Evil: 1")
    with pytest.raises(PhoneError, match="does not register"):
        await ann.register()


async def test_files_that_would_abort_the_library_are_refused(start_phone: StartPhone, tmp_path: Path) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob", auto_answer=0)
    await ann.call(bob.uri)
    await ann.answered()
    (tmp_path / "noise.wav").write_bytes(os.urandom(2000))
    (tmp_path / "empty.wav").touch()
    sine(tmp_path / "odd.wav", 440, 0.5, rate=11025)
    sine(tmp_path / "short.wav", 440, 0.001)
    for name in ("noise.wav", "empty.wav", "odd.wav", "short.wav", "missing.wav"):
        with pytest.raises(PhoneError):
            await ann.play(str(tmp_path / name))
    with pytest.raises(PhoneError):
        await ann.record(str(tmp_path / "nowhere" / "x.wav"))
    await ann.hangup()


async def test_a_missing_preset_is_told_and_the_call_goes_on(start_phone: StartPhone, tmp_path: Path) -> None:
    ann, bob = await start_phone("ann"), await start_phone("bob", play=str(tmp_path / "missing.wav"))
    await connect(ann, bob)
    assert "missing.wav" in (await bob.wait_for(protocol.Error)).reason


async def test_phones_talk_over_tcp_too(start_phone: StartPhone) -> None:
    ann, bob = await start_phone("ann", transport="tcp"), await start_phone("bob", transport="tcp")
    await connect(ann, bob)
    await ann.dtmf("3")
    assert await bob.digits() == "3"
    await bob.hangup()
    assert (await ann.disconnected()).code == 200


async def test_twenty_phones_call_again_and_again(start_phone: StartPhone) -> None:
    async def pair(number: int) -> None:
        caller, callee = await asyncio.gather(start_phone(f"a{number}"), start_phone(f"b{number}", auto_answer=0))
        for turn in range(4):
            await caller.call(callee.uri)
            await caller.answered()
            await callee.answered()
            await caller.dtmf("1", seconds=0.05)
            await callee.digits()
            ending, other = (caller, callee) if turn % 2 else (callee, caller)
            await ending.hangup()
            await other.disconnected()

    await asyncio.gather(*(pair(number) for number in range(10)))


async def test_a_number_is_called_at_the_server(start_phone: StartPhone) -> None:
    bob = await start_phone("bob")
    ann = await start_phone("ann", server=f"127.0.0.1:{bob.ready.port}")
    await ann.call("*98#")
    assert "sip:*98%23@" in (await bob.incoming()).to
