"""Keeps Asterisk and one controller alive: what ends by itself is started again, after a pause that grows."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from bridge.lifecycle import HINDERED, READY, SIGN_WITHIN, STALLED, TAKEN_OVER
from bridge.standby import ENDS_WITHIN, Standby, end, ended
from telephony.asterisk.process import AsteriskProcess, NotAnswering, StartFailed
from telephony.tasks import TaskSet

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 30.0
FIRST_SIGN_WITHIN: Final = 20.0
NEXT_AFTER: Final = 2.0
ONCE_MORE: Final = 0.5
FULL: Final = "The disk takes no facts: make room on it. Calls go on, and what they tell waits in memory."
WRITTEN: Final = "All that waited in memory is on disk."

Say = Callable[[str], None]


class Pause:
    """A pause that doubles from each failure to the next, and begins anew after a success."""

    def __init__(self) -> None:
        self._seconds = FIRST_PAUSE

    def next(self) -> float:
        """How many seconds to wait now."""
        now, self._seconds = self._seconds, min(self._seconds * 2, LONGEST_PAUSE)
        return now

    def reset(self) -> None:
        """It went well."""
        self._seconds = FIRST_PAUSE


class Supervisor:
    """Runs until told to stop, until Asterisk was stopped on purpose (the file `stopping` is there), or until another
    controller has taken over. `on_ready` is called when callers are served for the first time. An Asterisk that
    somebody else started is None: its life is theirs."""

    def __init__(
        self, asterisk: AsteriskProcess | None, stopping: Path, say: Say, on_ready: Callable[[], None]
    ) -> None:
        self._asterisk, self._stopping, self._say_it, self._on_ready = asterisk, stopping, say, on_ready
        self._over, self._standby, self._tasks = asyncio.Event(), Standby(), TaskSet("supervisor")
        self._opened = self._hopeless = self._hindered = False

    async def run(self) -> bool:
        """Returns when all is over; Asterisk, when it was not stopped on purpose, goes on.

        False when the first controller ended by itself before it served anybody, as each further one would."""
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._over.set)
        if self._asterisk:
            self._tasks.spawn(self._keep_asterisk(self._asterisk), "asterisk")
        self._tasks.spawn(self._keep_controller(), "controller")
        await self._over.wait()
        await self._tasks.close(within=ENDS_WITHIN + 2)
        await self._standby.close()
        return not self._hopeless

    async def _keep_asterisk(self, asterisk: AsteriskProcess) -> None:
        pause = Pause()
        while True:
            await _until_ended(asterisk)
            if self._stopping.exists():
                self._over.set()
                return
            await self._rest("Asterisk ended", pause)
            try:
                await asyncio.to_thread(asterisk.start)
                self._say("Asterisk runs again; calls that were up are lost.")
                pause.reset()
            except (StartFailed, NotAnswering, OSError) as error:
                self._say(str(error))

    def _say(self, line: str) -> None:
        """A terminal that is gone, or a file on a full disk, must cost nobody her call."""
        with suppress(OSError):
            self._say_it(line)

    async def _keep_controller(self) -> None:
        pause = Pause()
        while True:
            try:
                status = await self._one_controller(pause)
            except OSError as error:  # no process could be made
                await self._rest(f"A controller could not be started: {error}", pause)
                continue
            if status == TAKEN_OVER:
                self._say("Another controller has taken over.")
            elif status > 0 and status != STALLED and not self._opened:
                self._say("The controller could not begin.")
                self._hopeless = True
            else:
                await self._rest(f"The controller ended with status {status}", pause)
                continue
            self._over.set()
            return

    async def _one_controller(self, pause: Pause) -> int:
        """One life of a controller."""
        process, self._hindered = await self._standby.take(), False
        try:
            if await self._listen(process, pause):
                process.kill()
            return await ended(process)
        finally:
            await end(process)

    async def _listen(self, process: Process, pause: Pause) -> bool:
        """Until it ends, or gives no sign of life any more; tells whether it does not."""
        assert process.stdout is not None  # noqa: S101 - it was asked for
        within = FIRST_SIGN_WITHIN
        try:
            while line := await _sign(process.stdout, within):
                within = SIGN_WITHIN
                self._hear(line.decode().strip(), pause)
        except TimeoutError:
            self._say(f"The controller has given no sign of life for {within:g} s.")
            return True
        return False

    def _hear(self, word: str, pause: Pause) -> None:
        if word == READY:
            pause.reset()
            self._serves()
        elif (word == HINDERED) is not self._hindered:
            self._hindered = not self._hindered
            self._say(FULL if self._hindered else WRITTEN)

    def _serves(self) -> None:
        if self._opened:
            self._say("Callers are served again.")
        else:
            self._opened = True
            self._tasks.spawn(self._welcome(), "welcome")
        self._tasks.spawn(self._prepare_the_next(), "standby")

    async def _welcome(self) -> None:
        with suppress(OSError):
            await asyncio.to_thread(self._on_ready)

    async def _prepare_the_next(self) -> None:
        """Not at once: the one that has just begun has much to do."""
        await asyncio.sleep(NEXT_AFTER)  # noqa: TID251 - a process of its own, without the product's clock
        await self._standby.prepare()

    async def _rest(self, what: str, pause: Pause) -> None:
        seconds = pause.next()
        self._say(f"{what}; it is started again in {seconds:g} s.")
        await asyncio.sleep(seconds)  # noqa: TID251 - a process of its own, without the product's clock


async def _sign(output: asyncio.StreamReader, within: float) -> bytes:
    """The next line. When it was we who stood still, it lies there already. Raises TimeoutError."""
    try:
        return await asyncio.wait_for(output.readline(), within)
    except TimeoutError:
        return await asyncio.wait_for(output.readline(), ONCE_MORE)


async def _until_ended(asterisk: AsteriskProcess) -> None:
    if (pid := asterisk.pid()) is None:
        return
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop.add_reader(handle, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)
    await asyncio.to_thread(asterisk.running)
