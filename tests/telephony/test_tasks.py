"""Tasks have a name and an owner, fail loudly, and end with their owner."""

import asyncio

from structlog.testing import capture_logs

from telephony.tasks import TaskSet
from tests.fakes.clock import on_virtual_time


async def fail() -> None:
    raise RuntimeError("broken")


async def test_a_task_is_named_after_its_owner_and_its_work_and_forgotten_at_its_end() -> None:
    tasks = TaskSet("calls")
    task = tasks.spawn(asyncio.sleep(0, "done"), "c1")
    assert (task.get_name(), len(tasks)) == ("calls:c1", 1)
    assert await task == "done"
    assert len(tasks) == 0


async def test_a_failure_is_logged_and_counted_and_ends_nobody_else() -> None:
    tasks = TaskSet("calls")
    other = tasks.spawn(asyncio.Event().wait(), "other")
    with capture_logs() as logs:
        await asyncio.wait([tasks.spawn(fail(), "broken")])
    assert tasks.failures == 1
    assert [(line["event"], line["task"], line["log_level"]) for line in logs] == [
        ("task_failed", "calls:broken", "error")
    ]
    assert not other.done()
    await tasks.close()


async def test_to_be_cancelled_is_no_failure() -> None:
    tasks = TaskSet("calls")
    task = tasks.spawn(asyncio.Event().wait(), "c1")
    await tasks.close()
    assert task.cancelled()
    assert (tasks.failures, len(tasks)) == (0, 0)


async def test_closing_waits_for_what_clears_up() -> None:
    cleared: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleared.append("up")

    tasks = TaskSet("calls")
    tasks.spawn(work(), "c1")
    await asyncio.sleep(0)
    await tasks.close()
    assert cleared == ["up"]


@on_virtual_time
async def test_closing_waits_no_longer_than_it_may() -> None:
    released = asyncio.Event()

    async def stubborn() -> None:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue

    tasks, loop = TaskSet("calls"), asyncio.get_running_loop()
    task = tasks.spawn(stubborn(), "c1")
    await asyncio.sleep(0)
    await tasks.close(within=2)
    assert loop.time() == 2
    released.set()
    await task


async def test_a_task_can_close_its_own_set_without_waiting_for_itself() -> None:
    tasks = TaskSet("calls")
    other = tasks.spawn(asyncio.Event().wait(), "other")
    await tasks.spawn(tasks.close(), "closing")
    assert other.cancelled()


@on_virtual_time
async def test_finishing_lets_work_end_and_then_cancels_the_rest() -> None:
    tasks = TaskSet("calls")
    short, endless = tasks.spawn(asyncio.sleep(1), "short"), tasks.spawn(asyncio.Event().wait(), "endless")
    await tasks.finish(within=3)
    assert asyncio.get_running_loop().time() == 3
    assert (short.cancelled(), endless.cancelled()) == (False, True)


async def test_a_set_without_tasks_closes_and_finishes_at_once() -> None:
    await TaskSet("calls").close()
    await TaskSet("calls").finish()


async def test_whoever_cannot_be_without_a_task_is_told_of_its_failure() -> None:
    told: list[str] = []
    tasks = TaskSet("vital", told.append)

    async def fails() -> None:
        raise ValueError

    await asyncio.wait({tasks.spawn(fails(), "heart")})
    await asyncio.sleep(0)
    assert told == ["vital:heart"]
