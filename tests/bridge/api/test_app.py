"""The API as a whole: every route says who may use it, each role may do what the table says, and it does not break."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts

from bridge.api.asking import Allow, AllowAnybody
from bridge.people.roles import PERMISSIONS, Permission, Role
from tests.bridge.api.conftest import Center

Route = APIRoute | APIWebSocketRoute
# What needs nobody signed in. The websocket looks for itself, since it has to close in words of its own.
OPEN: Final = {
    "POST /api/v1/session",
    "POST /api/v1/invitation/accept",
    "WS /api/v1/events",
    "GET /healthz",
    "GET /readyz",
}
SIGNED_IN: Final = {
    "GET /api/v1/session",
    "DELETE /api/v1/session",
    "GET /api/v1/sessions",
    "DELETE /api/v1/sessions/{id}",
}


def routes(app: FastAPI) -> Iterator[tuple[str, Route]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                yield f"{method} {context.path}", route
        elif isinstance(route, APIWebSocketRoute):
            yield f"WS {context.path}", route


def guard(route: Route) -> Allow | AllowAnybody | None:
    calls = (each.call for each in route.dependant.dependencies)
    return next((call for call in calls if isinstance(call, Allow | AllowAnybody)), None)


async def test_every_route_says_who_may_use_it(center: Center) -> None:
    guards = {name: guard(route) for name, route in routes(center.app)}
    assert len(guards) > 20
    assert {name for name, each in guards.items() if each is None} == set()
    assert {name for name, each in guards.items() if isinstance(each, AllowAnybody)} == OPEN
    assert {name for name, each in guards.items() if isinstance(each, Allow) and not each.permissions} == SIGNED_IN


async def test_every_permission_is_asked_for_somewhere(center: Center) -> None:
    guards = (guard(route) for _, route in routes(center.app))
    asked = {permission for each in guards if isinstance(each, Allow) for permission in each.permissions}
    assert asked | {Permission.EVENTS_READ} == set(Permission)


@pytest.mark.parametrize("role", Role)
async def test_each_role_may_do_what_the_table_says(center: Center, role: Role) -> None:
    person = await center.signed_in("somebody", role, agent="ana")
    for name, route in routes(center.app):
        method, _, path = name.partition(" ")
        guarded = guard(route)
        if isinstance(guarded, Allow) and guarded.permissions:
            may = bool(PERMISSIONS[role].intersection(guarded.permissions))
            headers = {"X-CSRF-Token": person.csrf}
            filled = path.replace("{name}", "nobody").replace("{id}", "nothing").replace("{username}", "nobody")
            answer = await person.client.request(method, filled, json={}, headers=headers)
            assert (answer.status_code != 403) == may, f"{role} {name}: {answer.text}"


async def test_a_stranger_gets_nothing(center: Center) -> None:
    stranger = await center.somebody()
    for name, _ in routes(center.app):
        method, _, path = name.partition(" ")
        if name not in OPEN and method != "WS":
            answer = await stranger.client.request(method, path.replace("{", "").replace("}", ""), json={})
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_what_is_too_large_is_refused(center: Center) -> None:
    answer = await (await center.somebody()).client.post("/api/v1/session", content=b"x" * (1 << 20 | 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_no_answer_is_kept_by_a_browser(center: Center) -> None:
    maria = await center.signed_in("maria")
    headers = (await maria.gets("/agents")).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_there_is_a_description_for_programs(center: Center) -> None:
    shown: Mapping[str, Any] = (await (await center.somebody()).client.get("/api/openapi.json")).json()
    for path, methods in shown["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["tags"], (method, path)


async def test_who_asks_too_often_has_to_wait(center: Center) -> None:
    maria = await center.signed_in("maria")
    codes = [(await maria.gets("/session")).status_code for _ in range(1210)]
    assert (codes[0], codes[-1]) == (200, 429)


async def test_what_is_too_large_is_refused_though_it_does_not_say_so(center: Center) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    answer = await (await center.somebody()).client.post("/api/v1/session", content=pieces())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_what_is_too_slow_is_refused(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    monkeypatch.setattr("bridge.api.app.BODY_WITHIN", 0.05)
    answer = await (await center.somebody()).client.post("/api/v1/session", content=pieces())
    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow")


async def test_of_many_faults_some_are_told(center: Center) -> None:
    body = dict.fromkeys(map(str, range(1000)), 1)
    answer = await (await center.somebody()).client.post("/api/v1/session", json=body)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 20)
