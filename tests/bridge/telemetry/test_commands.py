"""Each command is timed, whether it succeeds or fails."""

import asyncio
from typing import cast

import pytest

from bridge.telemetry.commands import TimedCommands
from telephony.asterisk import operations as op
from telephony.asterisk.ari import Ari
from telephony.asterisk.errors import NotFound
from telephony.fence import Fence
from tests.fakes.clock import VirtualClock, on_virtual_time


class SlowAri:
    """Takes a tenth of a second for everything; there is no channel `gone`."""

    async def request(self, key: str, method: str, uri: str, body: object = None) -> str:
        await asyncio.sleep(0.1)
        if "gone" in uri:
            raise NotFound(404, "Channel not found", uri)
        return "{}"


@on_virtual_time
async def test_the_time_of_each_command_is_noted_by_its_operation() -> None:
    noted: list[tuple[str, float]] = []
    clock = VirtualClock()
    commands = TimedCommands(cast(Ari, SlowAri()), Fence(clock), clock, lambda name, took: noted.append((name, took)))
    await commands.send("k", op.ANSWER, "one")
    with pytest.raises(NotFound):
        await commands.send("k", op.HANG_UP, "gone")
    assert [name for name, _ in noted] == ["POST channels/{channelId}/answer", "DELETE channels/{channelId}"]
    assert [took for _, took in noted] == pytest.approx([0.1, 0.1])
