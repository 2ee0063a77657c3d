"""queue: waits in a queue until an agent answers, and while they talk.

Example::

    sales:
      type: queue
      queue: sales
      exits: {served: bye, timed_out: sorry, no_agent: sorry, full: sorry, closed: sorry}
"""

from collections.abc import Mapping
from typing import ClassVar

from ivr.nodes.base import Node
from ivr.session import Session


class Step(Node):
    """Leaves by `served` when the agent has left and the customer is still there, else by why nobody served her."""

    required_exits: ClassVar[tuple[str, ...]] = ("served", "timed_out", "no_agent", "full", "closed")
    names: ClassVar[Mapping[str, str]] = {"queue": "queue"}
    queue: str

    @classmethod
    def waits(cls, exit: str) -> bool:
        """The other exits can be taken at once."""
        return exit in ("served", "timed_out")

    async def run(self, session: Session) -> str:
        """Waits and talks. Keys pressed meanwhile were meant for nobody."""
        exit = await session.queues.enqueue(session.surface.contact, self.queue)
        await session.forget_keys()
        return exit
