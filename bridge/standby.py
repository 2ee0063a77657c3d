"""The next controller, started ahead: it has loaded all that it needs and waits for its turn."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from contextlib import suppress
from typing import Final

from bridge.lifecycle import GO

ENDS_WITHIN: Final = 10.0


class Standby:
    """At most one controller that waits."""

    def __init__(self) -> None:
        self._waiting: Process | None = None

    async def prepare(self) -> None:
        """Starts one, unless one waits already."""
        if self._waiting is None or self._waiting.returncode is not None:
            self._waiting = await _start()

    async def take(self) -> Process:
        """Lets the one that waits, or a new one, begin."""
        process, self._waiting = self._waiting, None
        if process is None or not await _told_to_begin(process):
            process = await _start()
            await _told_to_begin(process)
        return process

    async def close(self) -> None:
        """Ends the one that waits."""
        if self._waiting:
            await end(self._waiting)


async def end(process: Process) -> None:
    """Ends a controller, in peace if it can."""
    if process.returncode is None:
        process.terminate()
        await ended(process)


async def ended(process: Process) -> int:
    """The exit status of a controller that is ending; one that does not end is killed."""
    try:
        return await asyncio.wait_for(process.wait(), ENDS_WITHIN)
    except TimeoutError:
        process.kill()
        return await process.wait()


async def _start() -> Process:
    """In a session of its own, so that a Ctrl-C reaches it only through us."""
    return await create_subprocess_exec(
        sys.executable, "-m", "bridge.controller", stdin=PIPE, stdout=PIPE, start_new_session=True
    )


async def _told_to_begin(process: Process) -> bool:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with suppress(OSError):
        process.stdin.write(f"{GO}\n".encode())
        await process.stdin.drain()
    return process.returncode is None and not process.stdin.is_closing()
