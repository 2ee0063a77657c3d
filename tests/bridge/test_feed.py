"""The facts for whoever follows: all, in order, and a slow follower holds up nobody."""

import asyncio
import tempfile
from collections import deque
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bridge.feed import Feed
from bridge.journal import Journal
from telephony.clock import SystemClock
from telephony.events import CenterApplied


def publish(journal: Journal, count: int) -> None:
    for _ in range(count):
        journal.publish(CenterApplied(was="a", now="b"))


async def numbers(feed: Feed, place: int, count: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(10):
        async for entries in feed.follow(place):
            found += [each.sequence for each in entries]
            if len(found) >= count:
                return found
    raise AssertionError("it ended")


async def test_followers_from_each_place_get_all_that_follows(journal: Journal, tmp_path: Path) -> None:
    publish(journal, 1200)
    await journal.durable(journal.last)
    feed = Feed(tmp_path / "journal.sqlite", journal.last)
    journal.on_durable(feed.notice)
    early, late = asyncio.create_task(numbers(feed, 0, 1500)), asyncio.create_task(numbers(feed, 1200, 300))
    for _ in range(300):
        publish(journal, 1)
        await asyncio.sleep(0)
    assert await early == list(range(1, 1501))
    assert await late == list(range(1201, 1501))
    await feed.close()


@given(remembered=st.integers(1, 20), places=st.lists(st.integers(0, 60), max_size=5))
def test_what_is_not_remembered_is_read_again(remembered: int, places: list[int]) -> None:
    async def follow(folder: Path) -> None:
        journal = Journal(folder / "journal.sqlite", SystemClock())
        feed = Feed(folder / "journal.sqlite", 0)
        feed._newest = deque(maxlen=remembered)
        journal.on_durable(feed.notice)
        publish(journal, 60)
        await journal.durable(60)
        for place in places:
            if place < 60:
                assert await numbers(feed, place, 60 - place) == list(range(place + 1, 61))
        await feed.close()
        await journal.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(follow(Path(folder)))
