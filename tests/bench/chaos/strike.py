"""What is done to a center: its controller killed or frozen, its Asterisk killed, its database taken away."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from tests.bench.soak.center import OwnCenter
from tests.servers.postgresql import PostgreSQL

FROZEN: Final = (1.0, 12.0)
WITHOUT_DATABASE: Final = (1.0, 8.0)


class Kind(StrEnum):
    """The kinds of strikes; CALM is none, which judges the judge."""

    KILL = "controller killed"
    FREEZE = "controller frozen"
    ASTERISK = "Asterisk killed"
    DATABASE = "database away"
    CALM = "nothing"


async def strike(kind: Kind, center: OwnCenter, chance: random.Random, database: PostgreSQL | None) -> None:
    """Strikes, and returns once it has been done in full: a thing that was frozen or taken away is there again."""
    controller = center.controller()
    assert controller is not None
    match kind:
        case Kind.KILL:
            os.kill(controller, signal.SIGKILL)
        case Kind.FREEZE:
            with _held(controller) as held:
                signal.pidfd_send_signal(held, signal.SIGSTOP)
                await asyncio.sleep(chance.uniform(*FROZEN))
                _thaw(held)
        case Kind.ASTERISK:
            os.kill(center.asterisk(), signal.SIGKILL)
        case Kind.DATABASE:
            assert database is not None
            how = chance.choice((signal.SIGKILL, signal.SIGQUIT, signal.SIGINT))
            await asyncio.to_thread(database.end, how)
            await asyncio.sleep(chance.uniform(*WITHOUT_DATABASE))
            await asyncio.to_thread(database.start)


@contextmanager
def _held(pid: int) -> Iterator[int]:
    """That very process, also when its number is somebody else's later."""
    handle = os.pidfd_open(pid)
    try:
        yield handle
    finally:
        os.close(handle)


def _thaw(handle: int) -> None:
    try:
        signal.pidfd_send_signal(handle, signal.SIGCONT)
    except ProcessLookupError:
        return  # its parent has killed it meanwhile
