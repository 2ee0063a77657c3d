"""The dialplan that is rendered is one that the running Asterisk can carry out."""

import re

from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.process import AsteriskProcess
from tests.acceptance.conftest import Throughline


def test_asterisk_has_every_application_that_the_dialplan_calls(
    throughline: Throughline, asterisk_program: AsteriskProgram
) -> None:
    asterisk = AsteriskProcess(asterisk_program, throughline.home / "asterisk")
    dialplan = (throughline.home / "asterisk" / "etc" / "extensions.conf").read_text()
    called = set(re.findall(r"(?:,|\?)([A-Z][A-Za-z]+)\(", dialplan))
    known = {line.split(":")[0].strip() for line in asterisk.cli("core show applications").splitlines()}
    assert {"Stasis", "ExecIf", "StartMusicOnHold", "Hangup"} <= called
    assert {each.lower() for each in called} <= {each.lower() for each in known}
