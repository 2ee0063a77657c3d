"""Commands to Asterisk, each timed."""

from collections.abc import Callable
from typing import Any

from telephony.asterisk.ari import Ari
from telephony.asterisk.operations import Commands, Operation
from telephony.clock import Clock
from telephony.fence import Fence

Note = Callable[[str, float], None]


class TimedCommands(Commands):
    """As Commands; `note` is told of each operation how many seconds passed until its answer or its failure."""

    def __init__(self, ari: Ari, fence: Fence, clock: Clock, note: Note) -> None:
        super().__init__(ari, fence)
        self._clock, self._note = clock, note

    async def send(self, key: str, operation: Operation, *path: str, **fields: Any) -> str:
        """As Commands.send."""
        began = self._clock.monotonic()
        try:
            return await super().send(key, operation, *path, **fields)
        finally:
            self._note(f"{operation.method} {operation.path}", self._clock.monotonic() - began)
