"""Users and API tokens."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bridge.people import register, users
from bridge.people.roles import Role
from telephony.clock import SystemClock
from tests.bridge.api.conftest import PASSWORD, Center, Person

RITA = {"username": "rita", "title": "Rita", "role": "supervisor", "password": "another horse 7"}


async def a_token(center: Center, owner: Person, *scopes: str, **more: Any) -> Person:
    made = await owner.sends("POST", "/tokens", {"name": "program", "scopes": scopes} | more)
    assert made.status_code == 201, made.text
    return await center.somebody({"Authorization": f"Bearer {made.json()['token']}"})


async def test_a_user_is_added_changed_and_removed(center: Center) -> None:
    maria, rita = await center.signed_in("maria", Role.ADMIN), await center.somebody()
    assert (await maria.sends("POST", "/users", RITA)).status_code == 201
    assert (await rita.signs_in("rita", RITA["password"])).status_code == 200
    changed = (await maria.sends("PATCH", "/users/rita", {"title": "Rita Lima"})).json()
    assert changed == {"username": "rita", "title": "Rita Lima", "role": "supervisor", "agent": None, "language": None}
    assert (await rita.gets("/session")).status_code == 200
    assert (await maria.sends("DELETE", "/users/rita")).status_code == 204
    assert (await rita.gets("/session")).status_code == 401
    assert [each["username"] for each in (await maria.gets("/users")).json()["items"]] == ["maria"]


@pytest.mark.parametrize("change", [{"password": "a third horse 9"}, {"role": "auditor"}])
async def test_a_new_password_or_role_signs_her_out(center: Center, change: dict[str, str]) -> None:
    maria, rita = await center.signed_in("maria", Role.ADMIN), await center.signed_in("rita")
    assert (await maria.sends("PATCH", "/users/rita", change)).status_code == 200
    assert (await rita.gets("/session")).status_code == 401


async def test_what_cannot_be_is_told(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    for body, status, code in (
        (RITA | {"username": "maria"}, 409, "taken"),
        (RITA | {"password": "short"}, 422, "weak_password"),
        (RITA | {"agent": "nobody"}, 422, "invalid"),
        (RITA | {"username": "Not Possible"}, 422, "invalid"),
        (RITA | {"extra": 1}, 422, "invalid"),
    ):
        answer = await maria.sends("POST", "/users", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await maria.sends("PATCH", "/users/nobody", {})).status_code == 404


async def test_there_is_always_an_administrator(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    for method, body in (("DELETE", None), ("PATCH", {"role": "agent"})):
        answer = await maria.sends(method, "/users/maria", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    await center.user("zoe", Role.ADMIN)
    assert (await maria.sends("PATCH", "/users/maria", {"role": "agent"})).status_code == 200


async def test_a_token_may_do_what_its_scopes_say_and_nothing_else(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    program = await a_token(center, maria, "queues:read", "presence:write")
    assert (await program.gets("/queues")).status_code == 200
    assert (await program.sends("PUT", "/agents/ana/presence", {"presence": "away"})).status_code == 200
    assert (await program.gets("/users")).status_code == 403


async def test_a_tokens_secret_is_shown_once_and_not_kept(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    made = (await maria.sends("POST", "/tokens", {"name": "wallboard", "scopes": ["queues:read"]})).json()
    assert made["token"].startswith("tl_")
    (shown,) = (await maria.gets("/tokens")).json()["items"]
    assert shown == {name: value for name, value in made.items() if name != "token"}


async def test_nobody_hands_out_more_than_she_has(center: Center) -> None:
    program = await center.signed_in("program", Role.INTEGRATOR)
    answer = await program.sends("POST", "/tokens", {"name": "x", "scopes": ["users:write"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_token_is_worth_nothing_once_revoked_or_expired_or_when_its_owner_is_gone(center: Center) -> None:
    maria, rita = await center.signed_in("maria", Role.ADMIN), await center.signed_in("rita", Role.INTEGRATOR)
    revoked, hers = await a_token(center, maria, "queues:read"), await a_token(center, rita, "queues:read")
    (id,) = [each["id"] for each in (await maria.gets("/tokens")).json()["items"] if each["username"] == "maria"]
    assert (await rita.sends("DELETE", f"/tokens/{id}")).status_code == 404
    assert (await maria.sends("DELETE", f"/tokens/{id}")).status_code == 204
    assert (await revoked.gets("/queues")).status_code == 401
    assert (await hers.gets("/queues")).status_code == 200
    await maria.sends("DELETE", "/users/rita")
    assert (await hers.gets("/queues")).status_code == 401


async def test_a_token_ends_when_it_was_to(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    past = (SystemClock().now() - timedelta(days=1)).isoformat()
    answer = await maria.sends("POST", "/tokens", {"name": "x", "scopes": ["queues:read"], "expires_at": past})
    assert answer.status_code == 422
    _, token = await center.services.register.make_token("maria", "old", frozenset(), SystemClock().now())
    assert token.expires_at
    secret, _ = await center.services.register.make_token("maria", "old", frozenset(), SystemClock().now())
    late = await center.somebody({"Authorization": f"Bearer {secret}"})
    assert (await late.gets("/session")).status_code == 401


async def test_what_happened_to_users_outlives_the_store(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    kept = [each for each in await center.feed.after(0) if each.type == "UserSaved"]
    assert kept[0].body["username"] == "maria"
    assert PASSWORD not in str(kept)
    assert kept[0].contents["password"].startswith("$argon2id$")


async def test_two_administrators_do_not_demote_each_other_at_once(center: Center) -> None:
    maria, zoe = await center.signed_in("maria", Role.ADMIN), await center.signed_in("zoe", Role.ADMIN)
    answers = await asyncio.gather(
        maria.sends("PATCH", "/users/zoe", {"role": "agent"}), zoe.sends("PATCH", "/users/maria", {"role": "agent"})
    )
    assert sorted(answer.status_code for answer in answers) == [200, 403]
    async with center.engine.connect() as store:
        assert await users.administrators(store) == 1


async def test_another_agent_to_be_signs_her_out(center: Center) -> None:
    maria, rita = await center.signed_in("maria", Role.ADMIN), await center.signed_in("rita", Role.AGENT, agent="ana")
    assert (await maria.sends("PATCH", "/users/rita", {"agent": "bruno"})).status_code == 200
    assert (await rita.gets("/session")).status_code == 401


async def test_the_command_line_ends_websockets_too(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    await center.user("zoe", Role.ADMIN)
    watched = center.services.revocations.watch("session", "user:maria")
    await center.services.register.remove("maria", by="command line")
    assert watched.done()


@pytest.mark.parametrize("hours", [-14, 0, 14])
async def test_a_token_ends_when_it_was_to_in_every_time_zone(center: Center, hours: int) -> None:
    await center.user("maria", Role.ADMIN)
    for minutes, status in ((-1, 401), (1, 200)):
        ends = (SystemClock().now() + timedelta(minutes=minutes)).astimezone(timezone(timedelta(hours=hours)))
        secret, token = await center.services.register.make_token("maria", "x", frozenset(), ends)
        assert token.expires_at.endswith("+00:00")
        program = await center.somebody({"Authorization": f"Bearer {secret}"})
        assert (await program.gets("/session")).status_code == status


async def test_a_token_makes_none_that_outlives_it(center: Center) -> None:
    rita, now = await center.signed_in("rita", Role.INTEGRATOR), SystemClock().now()
    soon, sooner, later = ((now + timedelta(hours=hours)).isoformat() for hours in (2, 1, 3))
    program = await a_token(center, rita, "tokens:write", expires_at=soon)
    for ends, status in ((None, 403), (later, 403), (sooner, 201)):
        made = await program.sends("POST", "/tokens", {"name": "x", "scopes": ["tokens:write"], "expires_at": ends})
        assert made.status_code == status


@pytest.mark.parametrize("title", ["\x1b[2J", "a\nb", "a\0b", "\u202eadmin"])
async def test_a_name_is_one_legible_line(center: Center, title: str) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    assert (await maria.sends("POST", "/users", RITA | {"title": title})).status_code == 422
    assert (await maria.sends("POST", "/tokens", {"name": title, "scopes": ["queues:read"]})).status_code == 422


async def test_what_a_full_disk_would_not_keep_is_refused_at_once_and_never_done(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    token = (await maria.sends("POST", "/tokens", {"name": "program", "scopes": ["metrics:read"]})).json()["id"]
    before = center.journal.last
    center.journal.hindrance.met("the disk is full", 1)
    for method, path, body in (
        ("POST", "/users", RITA),
        ("PATCH", "/users/maria", {"title": "M"}),
        ("POST", "/tokens", {"name": "another", "scopes": ["metrics:read"]}),
        ("DELETE", f"/tokens/{token}", None),
    ):
        answer = await maria.sends(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (503, "not_kept"), answer.text
        assert answer.json()["detail"].endswith("Nothing was changed.")
        assert int(answer.headers["Retry-After"]) > 0
    center.journal.hindrance.over(1)
    assert center.journal.last == before
    assert [each["username"] for each in (await maria.gets("/users")).json()["items"]] == ["maria"]


async def test_whose_change_is_the_first_that_a_full_disk_does_not_take_is_told_that_it_may_follow(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "SHOWN_WITHIN", 0.2)
    maria = await center.signed_in("maria", Role.ADMIN)
    with closing(sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = await maria.sends("POST", "/users", RITA)
    assert (answer.status_code, answer.json()["code"]) == (503, "not_kept"), answer.text
    assert "may still take effect" in answer.json()["detail"]
    await center.shown()
    assert (await (await center.somebody()).signs_in("rita", RITA["password"])).status_code == 200
