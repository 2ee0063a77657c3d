"""What a phone receives is one stream: its RTP goes on from prompt to music to agent and back without a jump."""

from telephony.phone.protocol import Account
from tests.acceptance.conftest import Throughline
from tests.fleet.fleet import Fleet, Manner
from tests.fleet.phone import Account as FleetAccount

SOON = 15.0


async def test_a_callers_stream_goes_on_without_a_jump_when_an_agent_comes_and_leaves(throughline: Throughline) -> None:
    """A phone drops what comes after a jump, for half a second or more, if the numbers fall badly."""
    host, _, port = throughline.sip.rpartition(":")
    fleet, ana = Fleet((host, int(port))), throughline.account("ana")
    try:
        agent = await fleet.hire(_account(ana), lambda: Manner(after=0.2, talks=1.0))
        call = fleet.call("1000", "0700900100")
        assert await call.until(lambda: call.report.first_sound is not None, SOON)
        call.press("1")
        assert await call.until(lambda: "ana" in call.report.heard, SOON)
        assert await call.until(lambda: False, SOON) is False
        assert call.over
        assert call.report.jumps == []
        assert agent.reports[0].jumps == []
        assert agent.reports[0].packets > 40
    finally:
        await fleet.close()


def _account(account: Account) -> FleetAccount:
    return FleetAccount(account.username, account.password)
