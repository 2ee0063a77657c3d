"""An Asterisk that somebody else started: told what it lacks, in lines to copy, and then used as it is."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bridge.pbx import doors
from config.foreign import parse_foreign
from config.instance import Instance
from telephony.asterisk.inquiry import ask_ari
from telephony.asterisk.install import AsteriskProgram
from tests.acceptance.conftest import Phones, Throughline, make
from tests.acceptance.foreign import AMI_PASSWORD, ARI_PASSWORD, Foreign, foreign


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="throughline-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def theirs(folder: Path, asterisk_program: AsteriskProgram) -> Iterator[Foreign]:
    """Somebody else's Asterisk, running."""
    (folder / "theirs").mkdir()
    asterisk = foreign(folder / "theirs", asterisk_program)
    asterisk.process.start()
    yield asterisk
    asterisk.process.stop()


@pytest.fixture
def ours(folder: Path, theirs: Foreign, asterisk_program: AsteriskProgram) -> Throughline:
    """A Throughline beside it, without any Asterisk of its own."""
    (folder / "ours").mkdir()
    center = make(folder / "ours", asterisk_program)
    (center.home / "software").unlink()
    center.sip = f"127.0.0.1:{theirs.sip}"
    center.environment |= {"THROUGHLINE_ASTERISK": theirs.doors, "THROUGHLINE_SIP": center.sip}
    return center


def lacks(center: Throughline) -> list[dict[str, Any]]:
    """What `doctor` finds fault with in the foreign Asterisk."""
    found = json.loads(center.command("doctor", "--json").stdout)["findings"]
    return [each for each in found if each["area"].startswith("foreign") and each["verdict"] != "ok"]


def endpoints(theirs: Foreign) -> set[str]:
    address = doors(Instance(theirs.folder), parse_foreign(theirs.doors)).ari
    return {each["resource"] for each in ask_ari(address, "GET", "endpoints/PJSIP")}


async def test_it_is_told_what_it_lacks_and_serves_calls_once_it_has_that(
    ours: Throughline, theirs: Foreign, tmp_path: Path
) -> None:
    refused = ours.command("run")
    assert refused.returncode == 1
    assert "cannot be used as it is" in refused.stderr
    assert not any(secret in refused.stdout + refused.stderr for secret in (ARI_PASSWORD, AMI_PASSWORD))
    whats = {each["what"] for each in lacks(ours)}
    assert whats >= {"ARI user", "AMI user", "modules", "dialplan", "accounts", "endpoints", "bridges"}

    theirs.change("pjsip.conf", "accountcode = house\n", "")
    theirs.change("pjsip.conf", "[ana]", "[annabel]")
    for _ in range(3):  # what our users may not see at first is told once they may
        for each in lacks(ours):
            theirs.follow(each["remedy"])
        theirs.restart()
    assert lacks(ours) == []

    ours.run()
    try:
        assert not (ours.home / "asterisk").exists()
        await _talk(ours, tmp_path)
        assert ours.command("doctor").returncode == 0
        assert endpoints(theirs) == {"carrier", "doorbell", "annabel", *ours.center.agents}
        _new_number(ours, theirs)
    finally:
        ours.stop()
    assert theirs.process.running(), "we ended an Asterisk that is not ours"
    assert lacks(ours) == []


def _new_number(ours: Throughline, theirs: Foreign) -> None:
    """A number that is applied is one more lack, which a reload of the dialplan mends."""
    file = ours.home / "center/center.yaml"
    file.write_text(file.read_text().replace("  1000: {", "  1001: {flow: welcome}\n  1000: {"))
    applied = ours.command("apply")
    assert applied.returncode == 0
    assert "`throughline doctor` tells what they lack now" in applied.stdout
    (lack,) = lacks(ours)
    assert "exten => 1001,1,GotoIf(" in lack["remedy"]
    theirs.follow(lack["remedy"])
    theirs.process.cli("dialplan reload")
    assert lacks(ours) == []


async def _talk(ours: Throughline, folder: Path) -> None:
    async with AsyncExitStack() as stack:
        phones = Phones(ours, stack, folder)
        ana, caller = await phones.agent("ana"), await phones.caller()
        await caller.call("1000")
        await caller.answered()
        await caller.dtmf("1")
        await ana.incoming(within=15)
        await ana.answer()
        await ana.hangup()
        await caller.disconnected(within=15)


def test_one_that_is_not_there_is_told_in_words(ours: Throughline, theirs: Foreign) -> None:
    theirs.process.stop()
    refused = ours.command("run")
    assert refused.returncode == 1
    assert "Connection refused" in refused.stderr
    assert "Traceback" not in refused.stderr
