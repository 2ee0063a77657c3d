"""hangup: ends the call.

Example::

    end: {type: hangup}
"""

from ivr.nodes.base import Node
from ivr.session import Session


class Step(Node):
    """Has no exit."""

    async def run(self, session: Session) -> None:
        """Hangs up."""
        session.surface.hang_up()
