"""Where nodes lead: what is never reached, what comes along, and what goes round in a circle. Pure."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

Ways = Mapping[str, Collection[str]]
"""Each node's name, and the names of those that can come next."""


def unreached(ways: Ways, start: str) -> Iterator[str]:
    """The nodes that no way from `start` comes to."""
    reached, ahead = set[str](), [start]
    while ahead:
        if (name := ahead.pop()) not in reached:
            reached.add(name)
            ahead.extend(ways.get(name, ()))
    yield from (name for name in ways if name not in reached)


def carried(ways: Ways, puts: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """What each node can find there, when nodes put things down (`puts`) that stay for all that comes after."""
    found, ahead = dict.fromkeys(ways, frozenset[str]()), deque(ways)
    while ahead:
        name = ahead.popleft()
        brings = found[name] | puts.get(name, frozenset())
        for target in (each for each in ways[name] if each in found and not brings <= found[each]):
            found[target] |= brings
            ahead.append(target)
    return found


def circles(ways: Ways) -> Iterator[list[str]]:
    """Circles that share no node, until what is left has none; each in walking order from its first node."""
    left = dict(ways)
    while circle := _circle(left):
        first = circle.index(next(name for name in ways if name in circle))
        yield circle[first:] + circle[:first]
        for name in circle:
            del left[name]


def _circle(ways: Ways) -> list[str]:
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as error:
        # The sorter takes what comes next for what comes before, and names the first node twice.
        backwards: list[str] = error.args[1][1:]
        return backwards[::-1]
    return []
