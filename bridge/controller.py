"""The controller's process: `python -m bridge.controller`. Started, watched and restarted by `throughline run`."""

import asyncio
import gc
import os
import signal
import sys
from contextlib import suppress

import structlog
import uvloop

from bridge.api.door import HttpDoor
from bridge.app import App
from bridge.center import read_center
from bridge.cli._place import here, running_center, told
from bridge.lifecycle import ALIVE, GO, HINDERED, READY, SIGN_EVERY, STALLED, TAKEN_OVER
from bridge.logs import to_file
from bridge.pbx import doors
from telephony.clock import Clock, SystemClock
from telephony.tasks import TaskSet

log = structlog.get_logger()


async def _serve() -> int:
    place = here()
    asterisk = doors(place.instance, place.foreign)
    clock = SystemClock()
    app = App(place.settings, place.instance, read_center(running_center(place)), clock, asterisk)
    door = HttpDoor(app, place.settings, place.instance, clock)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = TaskSet("controller")
    try:
        tasks.spawn(_show_life(app, clock), "signs of life")
        opening = tasks.spawn(_open(app, door), "open")
        ends = [tasks.spawn(each.wait(), "end") for each in (stop, app.fence.fallen)]
        await asyncio.wait([opening, *ends], return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            # Whoever takes our place waits for nothing but the last facts; pages and store need no farewell.
            await app.let_go()
            log.info("controller_left_its_place", reason=app.fence.reason)
            os._exit(TAKEN_OVER if app.fence.taken_over else STALLED)
        return 0
    finally:
        await tasks.close()
        await door.close()
        await app.close()
        log.info("controller_stopped")


async def _open(app: App, door: HttpDoor) -> None:
    await app.start()
    door.start()
    gc.collect()
    gc.freeze()  # what is loaded stays: each full collection of it would hold up calls
    _say(READY)
    log.info("controller_ready")


async def _show_life(app: App, clock: Clock) -> None:
    """Whoever watches us knows that we are not frozen, and whether the disk is full."""
    while True:
        _say(HINDERED if app.journal.hindrance.since else ALIVE)
        await clock.sleep(SIGN_EVERY)


def _say(word: str) -> None:
    """To whoever watches us; a watcher who is gone, or does not read, holds up nothing."""
    with suppress(OSError):
        os.write(sys.stdout.fileno(), f"{word}\n".encode())


def main() -> None:
    """Waits for its turn, and runs until told to stop (exit status 0), until another controller has taken over (3),
    or, having stood still for long, leaves its place to a new one (4)."""
    os.set_blocking(sys.stdout.fileno(), False)
    if sys.stdin.readline().strip() != GO:
        sys.exit(0)  # whoever would have told us is gone
    with told():
        to_file(here().instance.log)
        sys.exit(uvloop.run(_serve()))


if __name__ == "__main__":
    main()
