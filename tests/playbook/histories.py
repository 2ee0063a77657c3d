"""Random histories: steps as hypothesis draws them, and one of them played from its beginning to its end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hypothesis import strategies as some

from tests.playbook.evidence import Told
from tests.playbook.fake_stage import FakePlay, perform
from tests.playbook.steps import (
    AGENTS,
    CALLERS,
    FREE,
    IN_A_CALL,
    MISFORTUNES,
    NUMBERS,
    PAUSES,
    RUNG,
    SHORT,
    TALKING,
    Befalls,
    Calls,
    Step,
    Works,
    tell,
)

LONGEST: Final = 30
_pauses = some.sampled_from(PAUSES)
calls = some.builds(
    Calls, some.sampled_from(CALLERS), some.sampled_from(NUMBERS), some.sampled_from(IN_A_CALL), _pauses
)
works = some.builds(
    Works,
    some.sampled_from(AGENTS),
    some.sampled_from(FREE),
    some.sampled_from(RUNG),
    some.sampled_from(TALKING),
    _pauses,
)
befalls = some.builds(
    Befalls,
    some.sampled_from(MISFORTUNES),
    some.sampled_from(SHORT),
    some.integers(1, 8),
    some.sampled_from((0.0, 0.003, 0.02)),
    _pauses,
)
histories: some.SearchStrategy[list[Step]] = some.lists(
    some.one_of(calls, works, befalls), min_size=8, max_size=LONGEST
)


def play(center: Path, steps: list[Step], seed: int) -> Sequence[Told]:
    """Plays a history and judges it; returns what was told. Raises AssertionError, with all that happened."""
    story: list[str] = []
    told: list[Told] = []

    async def act(stage: FakePlay) -> None:
        story.extend(await tell(stage, steps))
        told.extend(stage.parent.told)

    try:
        perform(act, center, seed)
    except BaseException as error:
        error.add_note("\n".join(["What happened:", *story]))
        raise
    return told
