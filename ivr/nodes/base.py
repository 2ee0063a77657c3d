"""What every node has: its fields, its exits, and what it does."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import ClassVar, TypeAlias

from pydantic import Field

from config.document import Plain
from config.schema import Section
from ivr.session import Session

Written: TypeAlias = Mapping[str, Plain]
"""A node as it stands in the file, right or not."""


class Node(Section):
    """A step of a flow. Subclasses declare their fields; `exits` names the node behind each way out.

    `required_exits` must all be led somewhere, `optional_exits` may be; `names` tells which fields name a "prompt", a
    "queue" or "hours" of the center.
    """

    required_exits: ClassVar[tuple[str, ...]] = ()
    optional_exits: ClassVar[tuple[str, ...]] = ()
    names: ClassVar[Mapping[str, str]] = MappingProxyType({})

    type: str
    exits: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def needed_exits(cls, written: Written) -> Collection[str]:
        """The exits that a node so written must lead somewhere."""
        return cls.required_exits

    @classmethod
    def possible_exit(cls, name: str, written: Written) -> bool:
        """Whether a node so written can ever leave by an exit of this name."""
        return name in cls.needed_exits(written) or name in cls.optional_exits

    @classmethod
    def variables(cls, written: Written) -> Collection[str]:
        """The variables of the flow that a node so written can write."""
        return ()

    @classmethod
    def waits(cls, exit: str) -> bool:
        """Whether leaving by this exit means that a person was waited for. A circle in which nothing waits would go
        on for ever without her, so flows may not hold one."""
        return False

    async def run(self, session: Session) -> str | None:
        """Does it; returns the exit taken, or None when the flow ends here."""
        raise NotImplementedError
