"""An outsider's phone calls an outsider's phone: neither side's software is ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import audio
from tests.acceptance.baresip import Baresip
from tests.acceptance.conftest import Throughline
from telephony.asterisk.debian import Unpacked, unpack
from telephony.asterisk.install import AsteriskProgram

CALLERS_TONE = 1000
AGENTS_TONE = 600


@pytest.fixture(scope="session")
def baresip(asterisk_program: AsteriskProgram, software: Path) -> Unpacked:
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
        await _until(lambda: _seconds(caller, AGENTS_TONE) > 1 and _seconds(david, CALLERS_TONE) > 1)
        await david.command("hangup")
        await caller.event("CALL_CLOSED", within=15)
    finally:
        await david.close()
        await caller.close()


async def _until(true: Callable[[], bool], within: float = 15.0) -> None:
    import asyncio

    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.2)


def _seconds(phone: Baresip, tone: float) -> float:
    return audio.seconds_of(phone.heard, tone) if phone.heard.exists() else 0.0
