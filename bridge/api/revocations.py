"""Tells open websockets that what let them in is good no more."""

import asyncio
from collections import defaultdict


class Revocations:
    """Waits for the end of sessions and tokens, by their ids, and of all of a user's, by `user:` and her name."""

    def __init__(self) -> None:
        self._watched: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)

    def watch(self, *ids: str) -> asyncio.Future[None]:
        """A future that is done when one of them is revoked; cancel it when that matters no more."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for id in ids:
            self._watched[id].add(future)
        future.add_done_callback(lambda _: self._forget(ids, future))
        return future

    def watching(self, id: str) -> int:
        """How many wait for the end of it."""
        return len(self._watched.get(id, ()))

    def revoked(self, id: str) -> None:
        """It is good no more."""
        for future in tuple(self._watched.get(id, ())):
            if not future.done():
                future.set_result(None)

    def _forget(self, ids: tuple[str, ...], future: "asyncio.Future[None]") -> None:
        for id in ids:
            self._watched[id].discard(future)
            if not self._watched[id]:
                del self._watched[id]
