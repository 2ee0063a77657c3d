"""Agents' accounts: written once, mended when they differ, removed when they are ours and no longer wanted."""

import json
from typing import Any

import pytest

from telephony.asterisk import operations as op
from telephony.asterisk.accounts import Account, publish
from telephony.asterisk.errors import NotFound
from telephony.asterisk.operations import Commands, Operation

ANA = Account("ana", "secret", "Ana", "2001")
BRUNO = Account("bruno", "secret", "Bruno", "2002")
TRUNK = {("endpoint", "trunk.carrier"): {"context": "callers", "accountcode": ""}}
Key = tuple[str, str]


class Asterisk(Commands):
    """Keeps objects as Asterisk does; `written` and `removed` tell what was done."""

    def __init__(self, objects: dict[Key, dict[str, str]] | None = None) -> None:
        self.objects = dict(objects or {})
        self.written: list[Key] = []
        self.removed: list[Key] = []

    async def send(self, key: str, operation: Operation, *path: str, **fields: Any) -> str:
        if operation is op.ENDPOINTS:
            return json.dumps([{"resource": name} for kind, name in self.objects if kind == "endpoint"])
        place = (path[1], path[2])
        if operation is op.PUT_OBJECT:
            self.written.append(place)
            self.objects[place] = {each["attribute"]: each["value"] for each in fields["fields"]}
        elif place not in self.objects:
            raise NotFound(404, "Object not found", f"GET {place[1]}")
        elif operation is op.DELETE_OBJECT:
            self.removed.append(place)
            del self.objects[place]
            return ""
        return json.dumps([{"attribute": name, "value": value} for name, value in self.objects[place].items()])

    def endpoint(self, name: str) -> dict[str, str]:
        return self.objects["endpoint", name]


async def test_an_account_is_written_once_and_again_when_it_differs() -> None:
    asterisk = Asterisk()
    await publish(asterisk, [ANA])
    assert asterisk.written == [("auth", "ana"), ("aor", "ana"), ("endpoint", "ana")]
    await publish(asterisk, [ANA])
    assert len(asterisk.written) == 3
    await publish(asterisk, [Account("ana", "secret", "Ana", "2001", encrypted=True)])
    assert len(asterisk.written) == 6


async def test_only_what_we_wrote_is_removed() -> None:
    asterisk = Asterisk(TRUNK)
    await publish(asterisk, [ANA])
    await publish(asterisk, [])
    assert asterisk.removed == [("endpoint", "ana"), ("aor", "ana"), ("auth", "ana")]
    assert asterisk.objects == TRUNK


async def test_a_phone_behind_nat_is_answered_where_it_really_is() -> None:
    asterisk = Asterisk()
    await publish(asterisk, [ANA])
    endpoint = asterisk.endpoint("ana")
    assert {endpoint[name] for name in ("rtp_symmetric", "force_rport", "rewrite_contact")} == {"yes"}
    assert int(asterisk.objects["aor", "ana"]["qualify_frequency"]) < 30, "routers forget a mapping after 30 s"


@pytest.mark.parametrize(("encrypted", "offered"), [(True, "sdes"), (False, "no")])
async def test_srtp_is_offered_and_plain_sound_still_taken(encrypted: bool, offered: str) -> None:
    asterisk = Asterisk()
    await publish(asterisk, [Account("ana", "secret", "Ana", "2001", encrypted=encrypted)])
    assert asterisk.endpoint("ana")["media_encryption"] == offered
    assert asterisk.endpoint("ana")["media_encryption_optimistic"] == "yes"


async def test_sound_is_taken_at_the_address_of_sip_only() -> None:
    asterisk = Asterisk()
    await publish(asterisk, [Account("ana", "secret", "Ana", "2001", media_host="127.0.0.1"), BRUNO])
    here, anywhere = asterisk.endpoint("ana"), asterisk.endpoint("bruno")
    assert (here["media_address"], here["bind_rtp_to_media_address"]) == ("127.0.0.1", "yes")
    assert (anywhere["media_address"], anywhere["bind_rtp_to_media_address"]) == ("", "no")
