"""The only place that starts tasks: each has a name, an owner that ends it, and a loud end when it fails."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

log = structlog.get_logger()

FAILURES: Final[Counter[str]] = Counter()
"""How many tasks of this process have failed, by the names of their owners."""


class TaskSet:
    """Tasks that live and end together with their owner. `on_failure` is told of each that fails, by its name."""

    def __init__(self, owner: str, on_failure: Callable[[str], None] | None = None) -> None:
        self._owner, self._on_failure = owner, on_failure
        self._tasks: set[asyncio.Task[Any]] = set()
        self.failures = 0

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Starts `work`; a failure is logged and counted, never lost and never fatal for the others."""
        task = asyncio.get_running_loop().create_task(work, name=f"{self._owner}:{name}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self, within: float = 5.0) -> None:
        """Cancels what runs and waits for it, at most `within` seconds."""
        running = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=within)

    async def finish(self, within: float = 5.0) -> None:
        """Waits for what runs, at most `within` seconds, then cancels the rest."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        await self.close(within)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        self.failures += 1
        FAILURES[self._owner] += 1
        log.error("task_failed", task=task.get_name(), exc_info=error)
        if self._on_failure:
            self._on_failure(task.get_name())
