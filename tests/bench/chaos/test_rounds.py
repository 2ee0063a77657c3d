"""What a run keeps, so that it goes on where it stopped."""

from pathlib import Path

from tests.bench.chaos.rounds import Record, Round
from tests.bench.chaos.strike import Kind

WANTED = {Kind.KILL: 5, Kind.FREEZE: 2}


def a_round(kind: Kind) -> Round:
    """One in which nothing was wrong."""
    return Round(
        kind=kind,
        live=5,
        waiting=10,
        lived=15,
        lost=0,
        doubled=0,
        overtaken=0,
        for_nobody=0,
        back=1.5,
        gaps=0,
        gap=0.03,
        control_gaps=0,
        control_gap=0.03,
        silences=[],
        found={},
    )


def test_what_is_left_follows_from_the_seed_and_from_what_was_done() -> None:
    all_of_it = Record(1).left(WANTED)
    assert sorted(all_of_it) == sorted([Kind.KILL] * 5 + [Kind.FREEZE] * 2)
    assert Record(1).left(WANTED) == all_of_it
    assert any(Record(seed).left(WANTED) != all_of_it for seed in range(2, 9))
    done = [a_round(kind) for kind in all_of_it[:3]]
    assert Record(1, done).left(WANTED) == all_of_it[3:]


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = Record(7, [a_round(Kind.KILL)])
    record.write(tmp_path / "deep" / "rounds.json")
    assert Record.read(tmp_path / "deep" / "rounds.json") == record


def test_a_round_is_good_only_when_nothing_was_wrong_and_it_came_back() -> None:
    good = a_round(Kind.KILL)
    assert good.good
    worse = ({"found": {"caller cut off": ["1"]}}, {"silences": ["talk 60 ms"]}, {"back": None})
    assert not any(
        Round(**{name: getattr(good, name) for name in good.__struct_fields__} | each).good for each in worse
    )
