"""The controller's process: `python -m bridge.controller`. Started, watched and restarted by `throughline run`."""

import asyncio
import gc
import signal
import sys

import structlog
import uvloop

from bridge.api.door import HttpDoor
from bridge.app import App
from bridge.center import read_center
from bridge.cli._place import here, running_center, told
from bridge.lifecycle import FENCED, READY
from bridge.logs import to_file
from bridge.pbx import doors
from telephony.clock import SystemClock
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
        opening = tasks.spawn(_open(app, door), "open")
        ends = [tasks.spawn(each.wait(), "end") for each in (stop, app.fenced)]
        await asyncio.wait([opening, *ends], return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        return FENCED if app.fenced.is_set() else 0
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
    print(READY, flush=True)
    log.info("controller_ready")


def main() -> None:
    """Runs until told to stop (exit status 0) or until another controller has taken over (3)."""
    with told():
        to_file(here().instance.log)
        sys.exit(uvloop.run(_serve()))


if __name__ == "__main__":
    main()
