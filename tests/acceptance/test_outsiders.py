"""An outsider's phone calls an outsider's phone: neither side's software is ours."""

import asyncio
from pathlib import Path

import pytest

from telephony.asterisk.debian import Unpacked, unpack
from tests import audio
from tests.acceptance.baresip import Baresip
from tests.acceptance.conftest import Throughline

CALLERS_TONE = 1000
AGENTS_TONE = 600
TALK = 3.0


@pytest.fixture(scope="session")
def baresip(software: Path) -> Unpacked:
    """baresip from Debian, unpacked beside Asterisk."""
    return unpack(["baresip-core"], software / "baresip", print)


async def test_two_free_softphones_meet_through_the_menu_and_hear_each_other(
    throughline: Throughline, baresip: Unpacked, tmp_path: Path
) -> None:
    account, domain = throughline.account("david"), throughline.sip
    agents_sound = audio.sine(tmp_path / "agent.wav", AGENTS_TONE, 30)
    callers_sound = audio.sine(tmp_path / "caller.wav", CALLERS_TONE, 30)
    login = f"<sip:david@{domain}>;auth_pass={account.password};answermode=auto"
    david = await Baresip.start(baresip, tmp_path / "david", login, agents_sound)
    caller = await Baresip.start(baresip, tmp_path / "caller", f"<sip:eve@{domain}>;regint=0", callers_sound)
    try:
        await caller.command("dial", f"sip:1000@{domain}")
        await caller.event("CALL_ESTABLISHED")
        await caller.command("sndcode", "1")
        await david.event("CALL_ESTABLISHED", within=15)
        await asyncio.sleep(TALK)
        await david.command("hangup")
        await caller.event("CALL_CLOSED", within=15)
    finally:
        await david.close()
        await caller.close()
    assert audio.seconds_of(caller.heard, AGENTS_TONE) > TALK / 2
    assert audio.seconds_of(david.heard, CALLERS_TONE) > TALK / 2
