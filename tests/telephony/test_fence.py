"""A controller that stood still, or whose place another has taken, does nothing more."""

import asyncio

from telephony.fence import Fence
from telephony.tasks import TaskSet
from tests.fakes.clock import VirtualClock, on_virtual_time, virtual_loop


@on_virtual_time
async def test_it_stands_while_time_passes_as_it_should() -> None:
    fence, tasks, late = Fence(VirtualClock()), TaskSet("test"), list[float]()
    tasks.spawn(fence.watch(late.append), "watch")
    await asyncio.sleep(60)
    assert fence.stands
    assert max(late) == 0
    await tasks.close()


@on_virtual_time
async def test_who_thaws_is_fenced_off_before_any_timer_of_hers_acts() -> None:
    fence, tasks, stood = Fence(VirtualClock()), TaskSet("test"), list[bool]()
    for after in (1.0, 2.0, 9.0):
        asyncio.get_running_loop().call_later(after, lambda: stood.append(fence.stands))
    tasks.spawn(fence.watch(lambda _: None), "watch")
    await asyncio.sleep(0.1)
    virtual_loop().stand_still(10)
    await asyncio.sleep(1)
    assert stood == [False, False, False]
    assert "stood still for 10" in fence.reason
    assert not fence.taken_over
    await tasks.close()


@on_virtual_time
async def test_a_short_stall_is_only_noted() -> None:
    fence, tasks, late = Fence(VirtualClock()), TaskSet("test"), list[float]()
    tasks.spawn(fence.watch(late.append), "watch")
    await asyncio.sleep(0.1)
    virtual_loop().stand_still(1.5)
    await asyncio.sleep(1)
    assert fence.stands
    assert max(late) > 1
    await tasks.close()


@on_virtual_time
async def test_who_is_replaced_falls_for_good() -> None:
    fence = Fence(VirtualClock())
    fence.replaced()
    fence.drop("it is closing")
    assert (fence.stands, fence.taken_over, fence.reason) == (False, True, "another controller has taken over")
    await fence.fallen.wait()
