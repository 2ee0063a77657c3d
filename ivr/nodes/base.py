"""What every node has: its fields, its exits, and what it does."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from pydantic import Field

from config.schema import Section
from ivr.session import Session


class Node(Section):
    """A step of a flow. Subclasses declare their fields; `exits` names the node behind each way out.

    `required_exits` must all be led somewhere; `names` tells which fields name a "prompt" or a "queue" of the center.
    """

    required_exits: ClassVar[tuple[str, ...]] = ()
    names: ClassVar[Mapping[str, str]] = MappingProxyType({})

    type: str
    exits: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def possible_exit(cls, name: str) -> bool:
        """Whether a node of this type can ever leave by an exit of this name."""
        return name in cls.required_exits

    @classmethod
    def waits(cls, exit: str) -> bool:
        """Whether leaving by this exit means that a person was waited for. A circle in which nothing waits would go
        on for ever without her, so flows may not hold one."""
        return False

    async def run(self, session: Session) -> str | None:
        """Does it; returns the exit taken, or None when the flow ends here."""
        raise NotImplementedError
