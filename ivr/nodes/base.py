"""What every node has: its fields, its exits, and what it does."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from config.schema import Section
from ivr.session import Session


class Node(Section):
    """A step of a flow. Subclasses declare their fields; `exits` names the node behind each way out."""

    required_exits: ClassVar[tuple[str, ...]] = ()

    type: str
    exits: dict[str, str] = Field(default_factory=dict)

    def possible_exit(self, name: str) -> bool:
        """Whether this node can ever leave by an exit of this name."""
        return name in self.required_exits

    def prompts(self) -> Iterator[tuple[str, str]]:
        """The prompts it names: field and name."""
        yield from ()

    def queues(self) -> Iterator[tuple[str, str]]:
        """The queues it names: field and name."""
        yield from ()

    async def run(self, session: Session) -> str | None:
        """Does it; returns the exit taken, or None when the flow ends here."""
        raise NotImplementedError
