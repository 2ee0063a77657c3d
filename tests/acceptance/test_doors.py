"""On loopback nothing of the center is reached from outside, and settings that would change that unseen are refused."""

from pathlib import Path

import pytest

from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.process import AsteriskProcess
from tests.acceptance.conftest import Phones, Throughline, make
from tests.acceptance.sockets import Bound, bound
from tests.acceptance.stranger import ask


def sockets(throughline: Throughline, program: AsteriskProgram) -> list[Bound]:
    pid = AsteriskProcess(program, throughline.home / "asterisk").pid()
    assert pid is not None
    return bound(pid)


async def test_on_loopback_sip_sound_and_the_controllers_doors_are_reached_from_here_only(
    throughline: Throughline, phones: Phones, asterisk_program: AsteriskProgram
) -> None:
    caller = await phones.caller()
    await caller.call("1000")
    await caller.answered()
    taken = sockets(throughline, asterisk_program)
    await caller.hangup()
    host, _, port = throughline.sip.partition(":")
    assert Bound("udp", host, int(port)) in taken
    assert Bound("tcp", host, int(port)) in taken
    assert len([each for each in taken if each.protocol == "udp" and each.inside]) > 1, "no sound is taken"
    outside = [each for each in taken if not each.inside]
    assert {each.protocol for each in outside} <= {"udp"}
    assert [each for each in outside if _speaks_sip(each)] == [], "these are no resolver's"


def _speaks_sip(socket: Bound) -> bool:
    """Asterisk's resolver of names takes answers at ports of its own, which the kernel chose."""
    try:
        return bool(ask("127.0.0.1", "127.0.0.1", socket.port, "OPTIONS", "1000", within=0.5))
    except (TimeoutError, ConnectionRefusedError):
        return False


@pytest.mark.parametrize(
    ("network", "address", "told"),
    [
        ("loopback", "0.0.0.0:5060", "Set `network: open` there, or THROUGHLINE_SIP=127.0.0.1:5060."),
        ("open", "127.0.0.1:5060", "Set THROUGHLINE_SIP=0.0.0.0:5060, or the one address"),
    ],
)
def test_what_contradicts_itself_is_not_run(
    network: str, address: str, told: str, server_path: Path, asterisk_program: AsteriskProgram
) -> None:
    center = make(server_path, asterisk_program)
    settings = server_path / "center" / "center.yaml"
    settings.write_text(settings.read_text().replace("network: loopback\n", f"network: {network}\n"))
    center.environment["THROUGHLINE_SIP"] = address
    refused = center.command("run")
    assert refused.returncode == 1
    assert told in refused.stderr
    assert not (server_path / "asterisk").exists()
