"""Open sockets learn that what let them in is good no more."""

import asyncio

from bridge.api.revocations import Revocations


async def test_who_watches_one_of_several_ids_is_told_and_others_are_not() -> None:
    revocations = Revocations()
    maria, rita = revocations.watch("session-1", "user:maria"), revocations.watch("session-2", "user:rita")
    revocations.revoked("user:maria")
    assert (maria.done(), rita.done()) == (True, False)


async def test_nothing_is_kept_of_who_has_left() -> None:
    revocations = Revocations()
    for _ in range(3):
        revocations.watch("session", "user:maria").cancel()
    await asyncio.sleep(0)
    assert not revocations._watched
    revocations.revoked("session")
