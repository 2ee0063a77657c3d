"""State machines as one table each: which states may follow which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)


class IllegalTransition(Exception):
    """A move that the table does not allow: a bug of ours, never of the caller's."""

    def __init__(self, concept: str, current: str, to: str) -> None:
        super().__init__(f"{concept} cannot go from {current} to {to}")
        self.concept, self.current, self.to = concept, current, to


def advance(table: Mapping[State, frozenset[State]], current: State, to: State) -> State:
    """The state `to`, when the table lets it follow `current`; raises IllegalTransition otherwise."""
    if to not in table[current]:
        raise IllegalTransition(type(current).__name__, current, to)
    return to


def mermaid(table: Mapping[State, frozenset[State]]) -> str:
    """The table as a Mermaid state diagram, for the documents."""
    rows = [f"  {a} --> {b}" for a, following in table.items() for b in sorted(following)]
    return "\n".join(["stateDiagram-v2", *rows])
