"""queue: waits in a queue until an agent answers, and while they talk.

Example::

    sales:
      type: queue
      queue: sales
      exits: {served: bye, timed_out: sorry, no_agent: sorry, full: sorry, closed: sorry}
"""

from collections.abc import Iterator
from typing import ClassVar

from ivr.nodes.base import Node
from ivr.session import Session


class Step(Node):
    """Leaves by `served` when the agent has left and the customer is still there, else by why nobody served her."""

    required_exits: ClassVar[tuple[str, ...]] = ("served", "timed_out", "no_agent", "full", "closed")
    queue: str

    def queues(self) -> Iterator[tuple[str, str]]:
        """The one it waits in."""
        yield "queue", self.queue

    async def run(self, session: Session) -> str:
        """Waits and talks."""
        return await session.queues.enqueue(session.surface.contact, self.queue)
