"""The facts as they become durable, for whoever follows; a follower who comes back later misses none."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final

from bridge.journal import Entry, identity, read
from telephony.tasks import TaskSet

REMEMBERED: Final = 5000
AT_ONCE: Final = 100


class Feed:
    """Each follower has a place of her own and takes what comes after it, so that a slow one holds up nobody.

    `last` is the number of the newest fact that is on disk, `journal` the file in which numbers mean something."""

    def __init__(self, journal: Path, last: int) -> None:
        self._file, self.last = journal, last
        self.journal = identity(journal)
        self._newest: deque[Entry] = deque(maxlen=REMEMBERED)
        self._news = asyncio.Event()
        self._tasks = TaskSet("feed")
        self._reading = asyncio.Lock()
        self._read_to = last

    def notice(self, last: int) -> None:
        """There are new facts on disk."""
        self.last = last
        if not self._reading.locked():
            self._tasks.spawn(self._read(), "read")

    async def after(self, place: int) -> Sequence[Entry]:
        """The facts after a place, waiting for the first; at most 100."""
        while True:
            news = self._news
            if self._newest and self._newest[0].sequence <= place + 1:
                # From the end, because nearly everybody lacks but the newest.
                if found := list(takewhile(lambda entry: entry.sequence > place, reversed(self._newest))):
                    return found[: -AT_ONCE - 1 : -1]
            elif place < self._read_to:
                return await asyncio.to_thread(read, self._file, place, AT_ONCE)
            await news.wait()

    async def follow(self, place: int) -> AsyncIterator[Sequence[Entry]]:
        """All facts after a place, in pieces, for ever."""
        while True:
            if piece := await self.after(place):
                place = piece[-1].sequence
                yield piece

    async def close(self) -> None:
        """Ends it."""
        await self._tasks.close()

    async def _read(self) -> None:
        """One reader for all followers."""
        async with self._reading:
            while self._read_to < self.last:
                entries = await asyncio.to_thread(read, self._file, self._read_to, AT_ONCE)
                if not entries:
                    return
                self._newest.extend(entries)
                self._read_to = entries[-1].sequence
                news, self._news = self._news, asyncio.Event()
                news.set()
