"""A controller killed three times under a running load: no call is lost, doubled or overtaken, and no sound stops."""

import random

import pytest

from tests.bench.chaos.around import Around, a_center
from tests.bench.chaos.run import Size
from tests.bench.chaos.strike import Kind
from tests.bench.chaos.table import line

SIZE = Size(live=10, waiting=20, talks=(4.0, 12.0), spare=2)
KILLS = 3


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("asterisk_program")
async def test_whenever_the_controller_is_killed_no_call_is_lost() -> None:
    with a_center(SIZE, with_database=False, keep=False) as (center, database):
        around = Around(center, SIZE, database, random.Random(7)).slice()
        try:
            await around.open()
            rounds = [await around.round(Kind.KILL) for _ in range(KILLS)]
        finally:
            await around.close()
    print("\n".join(line(number, each) for number, each in enumerate(rounds, 1)))
    assert [each.found for each in rounds] == [{}] * KILLS
    assert [each.silences for each in rounds] == [[]] * KILLS
    assert all(each.back is not None for each in rounds)
    assert all(each.lived >= SIZE.live + SIZE.waiting for each in rounds)
