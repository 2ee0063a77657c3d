"""Ids are UUIDs of version 7, each its own, in the order in which they were made."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from telephony.ids import id_of, new_id


def test_ids_are_uuids_of_version_7_and_never_the_same() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {UUID(each).version for each in ids} == {7}
    assert {len(each) for each in ids} == {36}
    assert len(set(ids)) == len(ids)


def test_ids_sort_by_when_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)


def test_an_id_that_follows_from_something_is_always_the_same_and_sorts_by_its_time() -> None:
    at = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert id_of(at, "a") == id_of(at, "a") != id_of(at, "b")
    assert UUID(id_of(at, "a")).version == 7
    assert UUID(id_of(at, "a")).variant == UUID(new_id()).variant
    assert id_of(at, "b") < id_of(at + timedelta(seconds=1), "a") < new_id()
