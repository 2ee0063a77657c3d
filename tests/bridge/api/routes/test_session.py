"""Signing in and out, and whom that lets in."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import update

from bridge.api.limits import SIGN_IN_OF_ONE_ADDRESS
from bridge.api.problems import Problem
from bridge.api.routes import session
from bridge.people import sessions
from bridge.people.roles import Permission, Role
from bridge.people.users import User
from bridge.store.tables import sessions as table
from telephony.clock import SystemClock
from tests.bridge.api.conftest import ORIGIN, PASSWORD, Center


async def test_who_knows_her_password_is_let_in_and_told_who_she_is(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    maria = await center.somebody()
    assert (await maria.gets("/session")).status_code == 401
    me = (await maria.signs_in("maria")).json()
    assert (me["username"], me["role"], me["agent"]) == ("maria", "admin", None)
    assert "users:write" in me["permissions"]
    assert (await maria.gets("/session")).json() == me


async def test_the_cookie_is_for_our_pages_only(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    cookie = (await (await center.somebody()).signs_in("maria")).headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(("username", "password"), [("maria", "wrong horse 42"), ("nobody", PASSWORD), ("maria", "")])
async def test_wrong_credentials_are_refused_alike(center: Center, username: str, password: str) -> None:
    await center.user("maria", Role.ADMIN)
    answer = await (await center.somebody()).signs_in(username, password)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "wrong_credentials"
    assert "set-cookie" not in answer.headers


async def test_after_ten_wrong_passwords_even_the_right_one_has_to_wait(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    somebody = await center.somebody()
    codes = {(await somebody.signs_in("maria", "wrong")).status_code for _ in range(10)}
    assert codes == {401}
    late = await somebody.signs_in("maria")
    assert (late.status_code, late.json()["code"]) == (429, "too_many_tries")
    assert 1700 < int(late.headers["retry-after"]) <= 1800


async def test_who_signs_in_may_err_again_afterwards(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    maria = await center.somebody()
    for _ in range(3):
        for _ in range(9):
            await maria.signs_in("maria", "wrong")
        assert (await maria.signs_in("maria")).status_code == 200


async def test_a_change_needs_the_sessions_token_and_our_own_page(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    path, away = "/agents/ana/presence", {"presence": "away"}
    right, maria.csrf = maria.csrf, "guessed"
    forged = await maria.sends("PUT", path, away)
    assert (forged.status_code, forged.json()["code"]) == (403, "forged")
    maria.csrf = right
    maria.client.headers["Origin"] = "http://evil.test"
    assert (await maria.sends("PUT", path, away)).status_code == 403
    maria.client.headers["Origin"] = ORIGIN
    assert (await maria.sends("PUT", path, away)).status_code == 200


async def test_nobody_is_signed_in_from_anothers_page(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    answer = await (await center.somebody({"Origin": "http://evil.test"})).signs_in("maria")
    assert (answer.status_code, answer.json()["code"]) == (403, "forged")


async def test_who_signs_out_is_out(center: Center) -> None:
    maria = await center.signed_in("maria")
    cookies = dict(maria.client.cookies)
    assert (await maria.sends("DELETE", "/session")).status_code == 204
    maria.client.cookies.update(cookies)
    assert (await maria.gets("/session")).status_code == 401


async def test_she_sees_where_else_she_is_signed_in_and_can_end_that(center: Center) -> None:
    maria = await center.signed_in("maria")
    elsewhere = await center.somebody({"User-Agent": "an old browser"})
    await elsewhere.signs_in("maria")
    shown = (await maria.gets("/sessions")).json()["items"]
    assert (shown[0]["browser"], shown[0]["current"]) == ("an old browser", False)
    assert (await maria.sends("DELETE", f"/sessions/{shown[0]['id']}")).status_code == 204
    assert (await elsewhere.gets("/session")).status_code == 401
    assert (await maria.gets("/session")).status_code == 200


async def test_nobody_ends_anothers_session(center: Center) -> None:
    maria, rita = await center.signed_in("maria"), await center.signed_in("rita")
    (hers,) = (await maria.gets("/sessions")).json()["items"]
    assert (await rita.sends("DELETE", f"/sessions/{hers['id']}")).status_code == 404
    assert (await maria.gets("/session")).status_code == 200


@pytest.mark.parametrize(("column", "age"), [("began_at", sessions.LONGEST), ("seen_at", sessions.IDLE)])
async def test_a_session_ends_by_itself(center: Center, column: str, age: timedelta) -> None:
    maria = await center.signed_in("maria")
    async with center.engine.begin() as store:
        past = SystemClock().now() - age - timedelta(seconds=1)
        await store.execute(update(table).values({column: past.isoformat()}))
    assert (await maria.gets("/session")).status_code == 401


async def test_the_first_administrator_comes_by_her_link_and_nobody_after_her(center: Center) -> None:
    secret = await center.services.register.invite(SystemClock().now() + timedelta(hours=1))
    maria, late = await center.somebody(), await center.somebody()
    wanted = {"token": secret, "username": "maria", "title": "Maria", "password": PASSWORD}
    weak = await maria.sends("POST", "/invitation/accept", wanted | {"password": "maria12345"})
    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    me = await maria.sends("POST", "/invitation/accept", wanted)
    assert (me.status_code, me.json()["role"]) == (200, "admin")
    assert (await maria.gets("/users")).status_code == 200
    again = await late.sends("POST", "/invitation/accept", wanted | {"username": "mallory"})
    assert (again.status_code, again.json()["code"]) == (400, "invitation_not_valid")
    assert await center.services.register.invite(SystemClock().now()) is None


async def test_an_invitation_that_is_too_old_is_none(center: Center) -> None:
    secret = await center.services.register.invite(SystemClock().now() - timedelta(seconds=1))
    wanted = {"token": secret, "username": "maria", "title": "Maria", "password": PASSWORD}
    answer = await (await center.somebody()).sends("POST", "/invitation/accept", wanted)
    assert answer.json()["code"] == "invitation_not_valid"


@pytest.mark.parametrize("origin", ["http://[", "null", "", "http://center.test:1"])
async def test_an_origin_that_is_not_ours_is_refused_whatever_it_is(center: Center, origin: str) -> None:
    await center.user("maria", Role.ADMIN)
    for host in ("center.test", ""):
        stranger = await center.somebody({"Origin": origin, "Host": host})
        assert (await stranger.signs_in("maria")).status_code == 403


async def test_nobody_ends_anothers_websocket(center: Center) -> None:
    maria, rita = await center.signed_in("maria"), await center.signed_in("rita", Role.AGENT, agent="ana")
    (hers,) = (await maria.gets("/sessions")).json()["items"]
    watched = center.services.revocations.watch(hers["id"], "user:maria")
    for id in (hers["id"], "user:maria"):
        assert (await rita.sends("DELETE", f"/sessions/{id}")).status_code == 404
    assert not watched.done()


async def test_a_token_says_nothing_of_sessions(center: Center) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    secret, _ = await center.services.register.make_token("maria", "x", frozenset({Permission.METRICS_READ}), None)
    program = await center.somebody({"Authorization": f"Bearer {secret}"})
    assert (await program.gets("/session")).status_code == 200
    assert (await program.gets("/sessions")).status_code == 403
    current = (await maria.gets("/session")).json()["session_id"]
    assert (await program.sends("DELETE", f"/sessions/{current}")).status_code == 403
    assert (await maria.gets("/session")).status_code == 200


async def test_one_address_alone_locks_nobody_out(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    limits = center.services.limits
    for _ in range(120):
        with suppress(Problem):
            session._count(center.services, "192.0.2.1", "maria")
        limits.forget(SIGN_IN_OF_ONE_ADDRESS, "address", "192.0.2.1")
    assert (await (await center.somebody()).signs_in("maria")).status_code == 200


async def test_a_password_that_is_changed_meanwhile_lets_nobody_in(center: Center) -> None:
    await center.user("maria", Role.ADMIN)
    somebody, register = await center.somebody(), center.services.register
    fits = register.passwords.fits

    async def changed_meanwhile(password: str, kept: str | None) -> bool:
        good = await fits(password, kept)
        await register.save(User("maria", Role.ADMIN, "Maria"), "another horse 7", by="a test")
        return good

    register.passwords.fits = changed_meanwhile  # type: ignore[method-assign]
    assert (await somebody.signs_in("maria")).status_code == 401


async def test_an_invitation_is_void_once_there_is_an_administrator(center: Center) -> None:
    secret = await center.services.register.invite(SystemClock().now() + timedelta(hours=1))
    await center.user("zoe", Role.ADMIN)
    wanted = {"token": secret, "username": "maria", "title": "Maria", "password": PASSWORD}
    answer = await (await center.somebody()).sends("POST", "/invitation/accept", wanted)
    assert answer.json()["code"] == "invitation_not_valid"


async def test_of_two_who_take_an_invitation_at_once_one_comes_in(center: Center) -> None:
    secret = await center.services.register.invite(SystemClock().now() + timedelta(hours=1))
    wanted = {"token": secret, "title": "Maria", "password": PASSWORD}
    people = [await center.somebody() for _ in range(4)]
    tries = (each.sends("POST", "/invitation/accept", wanted | {"username": f"a{n}"}) for n, each in enumerate(people))
    codes = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert sorted(codes) == [200, 400, 400, 400]
