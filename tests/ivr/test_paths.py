"""Ways through named nodes: what no way comes to, and circles."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.paths import carried, circles, unreached

unhurried = settings(deadline=None)
NAMES = st.sampled_from("abcdef")
WAYS = st.dictionaries(NAMES, st.lists(NAMES, max_size=3))


def test_what_no_way_comes_to_is_told_in_the_order_of_the_file() -> None:
    ways = {"d": ["e"], "a": ["b", "gone"], "b": ["a"], "c": ["a"], "e": []}
    assert list(unreached(ways, "a")) == ["d", "c", "e"]
    assert list(unreached(ways, "nowhere")) == list(ways)


def test_circles_are_told_in_walking_order_from_the_first_in_the_file() -> None:
    ways = {"in": ["b"], "a": ["b"], "b": ["c"], "c": ["a", "out"], "out": [], "x": ["x"]}
    assert list(circles(ways)) == [["a", "b", "c"], ["x"]]
    assert list(circles({"a": ["b"], "b": ["gone"]})) == []


@unhurried
@given(WAYS)
def test_every_circle_can_be_walked_and_none_is_left(ways: dict[str, list[str]]) -> None:
    found = list(circles(ways))
    for circle in found:
        assert all(follower in ways[name] for name, follower in zip(circle, circle[1:] + circle[:1], strict=True))
    on_circles = [name for circle in found for name in circle]
    assert len(on_circles) == len(set(on_circles))
    left = {name: ways[name] for name in ways if name not in on_circles}
    for name in left:
        assert name not in reached(left, left[name])


@unhurried
@given(WAYS, NAMES)
def test_a_node_is_reached_or_told(ways: dict[str, list[str]], start: str) -> None:
    assert set(unreached(ways, start)) == set(ways) - reached(ways, [start])


def test_what_is_put_down_comes_along_with_all_that_follows_also_round_a_circle() -> None:
    ways = {"a": ["b"], "b": ["c", "gone"], "c": ["b", "d"], "d": [], "e": ["d"]}
    puts = {"a": frozenset("x"), "c": frozenset("y"), "e": frozenset("z")}
    found = {name: "".join(sorted(things)) for name, things in carried(ways, puts).items()}
    assert found == {"a": "", "b": "xy", "c": "xy", "d": "xyz", "e": ""}


@unhurried
@given(WAYS)
def test_a_thing_is_found_wherever_a_way_leads_from_where_it_was_put(ways: dict[str, list[str]]) -> None:
    found = carried(ways, {name: frozenset({name}) for name in ways})
    assert found == {name: frozenset(other for other in ways if name in reached(ways, ways[other])) for name in ways}


def reached(ways: dict[str, list[str]], ahead: list[str]) -> set[str]:
    """The same the slow way: one step more until nothing changes."""
    before: set[str] = set()
    while before != (now := before | set(ahead) | {each for name in before for each in ways.get(name, [])}):
        before = now
    return before
