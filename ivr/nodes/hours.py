"""hours: asks whether opening hours, an entry of hours.yaml, are open now.

A holiday with openings of its own is open during them. The exit `holiday` may be left out; `closed` is taken instead.

Example::

    opening:
      type: hours
      hours: office
      exits: {open: welcome, closed: closed, holiday: greetings}
"""

from collections.abc import Mapping
from typing import ClassVar

from ivr.nodes.base import Node
from ivr.session import Session


class Step(Node):
    """Leaves by `open`, by `closed`, or by `holiday` when a holiday is the day on which they are closed."""

    required_exits: ClassVar[tuple[str, ...]] = ("open", "closed")
    optional_exits: ClassVar[tuple[str, ...]] = ("holiday",)
    names: ClassVar[Mapping[str, str]] = {"hours": "hours"}
    hours: str

    async def run(self, session: Session) -> str:
        """Looks at the clock."""
        hours, now = session.center.hours[self.hours], session.clock.now()
        if hours.is_open(now):
            return "open"
        return "holiday" if "holiday" in self.exits and hours.holiday(now) else "closed"
