"""The machine's clocks."""

import asyncio
from datetime import UTC

from telephony.clock import SystemClock, epoch
from tests.fakes.clock import on_virtual_time


async def test_wall_time_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert abs(SystemClock().now().timestamp() - epoch()) < 60


async def test_durations_and_timers_agree() -> None:
    assert SystemClock().monotonic() <= asyncio.get_running_loop().time() <= SystemClock().monotonic()


@on_virtual_time
async def test_sleep_lasts_as_long_as_was_asked() -> None:
    await SystemClock().sleep(90)
    assert SystemClock().monotonic() == 90
