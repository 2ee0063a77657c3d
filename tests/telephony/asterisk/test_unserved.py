"""Notes of callers who were turned away, as Asterisk's database gives them back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import pytest

from telephony.asterisk.ami import Ami, Message
from telephony.asterisk.errors import Refused
from telephony.asterisk.unserved import Unserved, forget, unserved_callers

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CALLER = Unserved("one-1767603600.7", AT, "1000", "+49301234")


class Database:
    """Asterisk's database behind the manager interface."""

    def __init__(self, notes: dict[str, str]) -> None:
        self.notes = notes

    async def action(self, name: str, **values: str) -> Sequence[Message]:
        if name == "DBDel":
            if self.notes.pop(f"/{values['Family']}/{values['Key']}", None) is None:
                raise Refused(400, "Database entry not found", name)
            return [{"Response": "Success"}]
        if not self.notes:
            raise Refused(400, "Database entry not found", name)
        rows = [{"Event": "DBGetTreeResponse", "Key": key, "Val": value} for key, value in self.notes.items()]
        return [{"Response": "Success"}, *rows, {"Event": "DBGetTreeComplete"}]


def asterisk(**notes: str) -> Ami:
    return cast(Ami, Database({f"/throughline/unserved/one-{call[1:]}": value for call, value in notes.items()}))


async def test_they_are_read_the_first_first() -> None:
    ami = asterisk(c2="1767603601 1000 ", c1="1767603600 1000 +49301234", c3="1767603602 1000 5551234")
    found = await unserved_callers(ami)
    assert [(each.call, each.customer) for each in found] == [
        ("one-1", "+49301234"),
        ("one-2", ""),
        ("one-3", "5551234"),
    ]
    assert found[0].at == AT


async def test_one_that_is_kept_elsewhere_is_forgotten() -> None:
    ami = asterisk(c1="1767603600 1000 1")
    (caller,) = await unserved_callers(ami)
    await forget(ami, caller)
    assert await unserved_callers(ami) == []
    await forget(ami, caller)


@pytest.mark.parametrize("note", ["", "soon 1000 1", "1 1000 <1>", "99999999999 1000 1", "1767603600"])
async def test_a_note_that_nobody_understands_keeps_no_other_from_being_read(note: str) -> None:
    assert [each.customer for each in await unserved_callers(asterisk(c1=note, c2="1767603600 1000 7"))] == ["7"]


async def test_another_refusal_is_told() -> None:
    class Broken(Database):
        async def action(self, name: str, **values: str) -> Sequence[Message]:
            raise Refused(400, "Permission denied", name)

    with pytest.raises(Refused):
        await unserved_callers(cast(Ami, Broken({})))


def test_told_twice_it_is_one_fact_and_sorts_by_when_she_called() -> None:
    fact = CALLER.fact()
    assert fact == CALLER.fact()
    assert fact.interaction_id != fact.contact_id
    assert (fact.turned_away_at, fact.address, fact.customer) == (AT.isoformat(), "1000", "+49301234")
    later = Unserved("one-0", AT.replace(hour=10), "1000", "").fact()
    assert fact.interaction_id < later.interaction_id
