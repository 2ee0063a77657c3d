"""The table of a run: one line a kind of strike."""

from collections.abc import Iterator, Sequence
from statistics import quantiles

from rich.table import Table

from tests.bench.chaos.rounds import Round
from tests.bench.chaos.strike import Kind

COLUMNS = (
    "strike", "runs", "calls up", "lost", "doubled", "overtaken", "phones for nobody", "back p50", "p95", "max",
    "not back", "gaps over 40 ms", "not ours", "longest", "not ours", "ours alone",
)  # fmt: skip


def table(rounds: Sequence[Round]) -> Table:
    """Times of return in seconds, gaps in milliseconds."""
    made = Table(*COLUMNS)
    for kind in Kind:
        if own := [each for each in rounds if each.kind is kind]:
            made.add_row(kind, *map(str, _cells(own)))
    return made


def _cells(rounds: Sequence[Round]) -> Iterator[object]:
    yield len(rounds)
    for name in ("lived", "lost", "doubled", "overtaken", "for_nobody"):
        yield sum(getattr(each, name) for each in rounds)
    yield from _spread([each.back for each in rounds if each.back is not None])
    yield sum(each.back is None for each in rounds)
    yield sum(each.gaps for each in rounds)
    yield sum(each.control_gaps for each in rounds)
    yield f"{1000 * max(each.gap for each in rounds):.0f}"
    yield f"{1000 * max(each.control_gap for each in rounds):.0f}"
    yield sum(len(each.silences) for each in rounds)


def _spread(values: list[float]) -> tuple[str, str, str]:
    if not values:
        return "-", "-", "-"
    cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
    return f"{cuts[49]:.2f}", f"{cuts[94]:.2f}", f"{max(values):.2f}"


def line(number: int, each: Round) -> str:
    """One round in one line, with what was wrong."""
    back = "not back" if each.back is None else f"back in {each.back:.2f} s"
    wrong = "; ".join(f"{what}: {len(found)} ({', '.join(found[:3])})" for what, found in each.found.items())
    gaps = (
        f"{each.gaps} gaps to {1000 * each.gap:.0f} ms, control {each.control_gaps} to {1000 * each.control_gap:.0f} ms"
    )
    words = [f"{number:4}  {each.kind}: {each.live} live, {each.waiting} waiting, {each.lived} up", back, gaps]
    return ", ".join([*words, *([wrong] if wrong else []), *each.silences[:4]])
