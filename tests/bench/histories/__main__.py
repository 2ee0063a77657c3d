"""`python -m tests.bench.histories --count 5000 --seed 1`: random histories by the thousand, on virtual time."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some

from tests.playbook import center as test_center
from tests.playbook.histories import histories, play
from tests.playbook.steps import Befalls, Step

TOGETHER: Final = 25


def main() -> int:
    """Exit status 0 when nothing was wrong in any history."""
    asked = _asked()
    began, kinds, failed = time.monotonic(), Counter[str](), 0
    with TemporaryDirectory(prefix="histories-") as folder:
        center = test_center.build(Path(folder) / "center")
        for number in range(asked.seed, asked.seed + -(-asked.count // TOGETHER)):
            if error := _some_histories(center, number, kinds, asked.shrink):
                failed += 1
                print(_told(number, error), flush=True)
    played = kinds.pop("histories")
    print(f"{played} histories in {time.monotonic() - began:.0f} s, {failed} failures")
    print(", ".join(f"{kind}: {count}" for kind, count in kinds.most_common()))
    return 1 if failed else 0


def _some_histories(center: Path, number: int, kinds: Counter[str], shrink: bool) -> Exception | None:
    """Plays some, which follow from a number, up to the first that fails; returns how it did."""

    @seed(number)
    @settings(
        deadline=None,
        database=None,
        max_examples=TOGETHER,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
    )
    @given(histories, some.integers(0, 999))
    def each(steps: list[Step], chance: int) -> None:
        kinds.update(["histories", *(step.what if isinstance(step, Befalls) else "people" for step in steps)])
        play(center, steps, chance)

    try:
        each()
    except Exception as error:
        return error
    return None


def _told(number: int, error: Exception) -> str:
    notes = getattr(error, "__notes__", ())
    again = f"again, made small: python -m tests.bench.histories --count {TOGETHER} --seed {number} --shrink"
    return "\n".join([f"wrong, by seed {number}:", f"{type(error).__name__}: {error}", *notes, again])


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.histories", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="how many histories, in groups of 25")
    parser.add_argument("--seed", type=int, default=1, help="of the first group; the next has the next")
    parser.add_argument("--shrink", action="store_true", help="make what fails as small as can be")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
