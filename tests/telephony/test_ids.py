"""Ids are UUIDs of version 7, each its own, in the order in which they were made."""

from uuid import UUID

from telephony.ids import new_id


def test_ids_are_uuids_of_version_7_and_never_the_same() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {UUID(each).version for each in ids} == {7}
    assert {len(each) for each in ids} == {36}
    assert len(set(ids)) == len(ids)


def test_ids_sort_by_when_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
