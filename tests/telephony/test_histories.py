"""Random histories: people call and work as they please, and misfortune befalls the controller, its connections and
Asterisk between any two steps. Whatever happened, nobody was lost, and nothing is wrong or left.

Thousands of them: `python -m tests.bench.histories`.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.playbook import center as test_center
from tests.playbook.histories import histories, play
from tests.playbook.steps import Befalls, Calls, Step, Works

EVENTFUL: list[Step] = [
    Calls("bob", "1001", "stays", 0.3),
    Calls("kim", "1000", "presses 1", 1.0),
    Befalls("the controller dies before a command", 1.0, 2, 0.003, 2.0),
    Works("ana", "waits", "answers", "talks on", 2.0),
    Befalls("another controller takes over", 0.0, 1, 0.0, 1.0),
    Befalls("Asterisk dies", 1.0, 1, 0.0, 3.5),
    Calls("kim", "1001", "stays", 5.0),
]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return test_center.build(tmp_path_factory.mktemp("histories") / "center")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(3))
def test_nobody_is_lost_in_any_history(part: int, center: Path) -> None:
    @settings(deadline=None, derandomize=True, max_examples=50, suppress_health_check=list(HealthCheck))
    @given(histories, some.integers(0, 999))
    def in_any_history(steps: list[Step], seed: int) -> None:
        play(center, steps, seed)

    in_any_history()


def test_a_history_is_told_in_the_same_way_each_time(center: Path) -> None:
    assert play(center, EVENTFUL, 7) == play(center, EVENTFUL, 7)


def test_what_happened_is_told_with_what_is_wrong(center: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.playbook.invariants.JUDGES", (lambda _: iter(["somebody was lost"]),))
    with pytest.raises(AssertionError, match="somebody was lost") as found:
        play(center, EVENTFUL, 7)
    assert "0.300 kim dials 1000" in found.value.__notes__[0]
