"""say: speaks a prompt. A key interrupts it, and counts for the next menu.

Example::

    welcome: {type: say, prompt: welcome, exits: {done: menu}}
"""

from collections.abc import Mapping
from typing import ClassVar

from ivr.nodes.base import Node
from ivr.session import Session


class Step(Node):
    """Leaves by `done`."""

    required_exits: ClassVar[tuple[str, ...]] = ("done",)
    names: ClassVar[Mapping[str, str]] = {"prompt": "prompt"}
    prompt: str

    async def run(self, session: Session) -> str:
        """Speaks."""
        await session.say(self.prompt)
        return "done"
