"""Facts over a websocket, from a real server: who was cut off misses none, and nobody sees another's."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import Column, update
from sqlalchemy.event import listen
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bridge.api.server import HttpServer
from bridge.people.roles import Role
from bridge.store.tables import sessions
from config.instance import free_ports
from config.settings import HostPort
from telephony.clock import SystemClock
from telephony.events import CenterApplied, OwnCallBegan, PresenceChanged
from tests.bridge.api.conftest import Center, Person
from tests.bridge.facts_of_calls import a_call

Following = Callable[..., AbstractAsyncContextManager[ClientConnection]]


@pytest.fixture
async def follow(center: Center) -> AsyncIterator[Following]:
    """Connects as somebody to a server of the center's API."""
    (port,) = free_ports(1)
    server = HttpServer(center.app, HostPort("127.0.0.1", port), None, SystemClock())
    server.start()

    @asynccontextmanager
    async def following(person: Person | None, query: str = "", **headers: str) -> AsyncIterator[ClientConnection]:
        if person:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in person.client.cookies.items())
        uri = f"ws://127.0.0.1:{port}/api/v1/events?{query}"
        async with connect(uri, additional_headers=headers, proxy=None, open_timeout=10) as socket:
            yield socket

    await server.serving()
    yield following
    await server.close()


async def message(socket: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(await socket.recv()))


async def test_what_happens_comes_at_once_with_its_number(center: Center, follow: Following) -> None:
    maria = await center.signed_in("maria")
    async with follow(maria) as socket:
        hello = await message(socket)
        assert (hello["type"], hello["v"], hello["data"]["resumed"]) == ("hello", 1, False)
        center.facts.publish(PresenceChanged(agent="ana", was="available", now="away", reason="lunch"))
        told = await message(socket)
        assert (told["type"], told["id"]) == ("presence.changed", hello["id"] + 1)
        assert told["data"]["reason"] == "lunch"


async def test_who_is_cut_off_a_hundred_times_misses_nothing(center: Center, follow: Following) -> None:
    maria, chance = await center.signed_in("maria"), random.Random(4)
    first = center.journal.last
    place, seen = first, list[int]()
    for _ in range(100):
        for _ in range(chance.randrange(4)):
            center.facts.publish(CenterApplied(was="a", now="b"))
        async with follow(maria, f"after={place}") as socket:
            assert (await message(socket))["data"]["resumed"]
            for _ in range(chance.randint(0, center.journal.last - place)):
                place = (await message(socket))["id"]
                seen.append(place)
            socket.transport.abort()
    async with follow(maria, f"after={place}") as socket:
        await message(socket)
        while place < center.journal.last:
            place = (await message(socket))["id"]
            seen.append(place)
    assert seen == list(range(first + 1, center.journal.last + 1))
    assert len(seen) > 100


@pytest.mark.parametrize("query", ["after=1000000", "after=-1", "after=1&journal=another"])
async def test_who_comes_from_another_journal_is_told_to_look_anew(
    center: Center, follow: Following, query: str
) -> None:
    maria = await center.signed_in("maria")
    async with follow(maria, query) as socket:
        hello = await message(socket)
        assert (hello["data"]["resumed"], hello["id"]) == (False, center.journal.last)


async def test_an_agent_hears_of_her_own_contacts_only(center: Center, follow: Following) -> None:
    ana = await center.signed_in("ana", Role.AGENT, agent="ana")
    hers, anothers = a_call(agent="ana", name="Ada"), a_call(agent="bruno", name="Eve")
    start = center.journal.last
    await center.told([*hers, *anothers, CenterApplied(was="a", now="b")])
    async with follow(ana, f"after={start}") as socket:
        await message(socket)
        told = [await message(socket)]
        while told[-1]["type"] != "center.applied":
            told.append(await message(socket))
    assert {each["data"]["interaction_id"] for each in told} == {hers[0].interaction_id, ""}
    assert "Eve" not in str(told)


async def test_an_agent_who_comes_in_the_middle_of_her_call_hears_its_end_and_others_ask_no_store(
    center: Center, follow: Following
) -> None:
    ana = await center.signed_in("ana", Role.AGENT, agent="ana")
    hers, anothers = a_call(agent="ana"), a_call(agent="bruno")
    await center.told(hers[:-2])
    async with follow(ana) as socket:
        await message(socket)
        asked: list[str] = []
        listen(center.engine.sync_engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
        center.facts.publish(CenterApplied(was="a", now="b"))
        await message(socket)
        for fact in (*anothers, *hers[-2:]):
            center.journal.publish(fact)
        ids = [(await message(socket))["data"]["interaction_id"] for _ in hers[-2:]]
    assert ids == [hers[0].interaction_id] * 2
    assert not [words for words in asked if "FROM assignments" in words]


async def test_nobody_hears_of_passwords(center: Center, follow: Following) -> None:
    maria = await center.signed_in("maria", Role.ADMIN)
    async with follow(maria, "after=0") as socket:
        await message(socket)
        await center.user("rita", Role.AGENT)
        center.facts.publish(CenterApplied(was="a", now="b"))
        assert (await message(socket))["type"] == "center.applied"


async def test_nobody_comes_in_uninvited(center: Center, follow: Following) -> None:
    maria, rita = await center.signed_in("maria"), await center.signed_in("rita", Role.INTEGRATOR)
    made = await rita.sends("POST", "/tokens", {"name": "x", "scopes": ["queues:read"]})
    token = {"Authorization": f"Bearer {made.json()['token']}"}
    for person, headers, code in ((None, {}, 4401), (maria, {"Origin": "http://evil.test"}, 4401), (None, token, 4403)):
        async with follow(person, **headers) as socket:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == code


async def test_who_is_signed_out_hears_nothing_more(center: Center, follow: Following) -> None:
    maria, admin = await center.signed_in("maria"), await center.signed_in("admin", Role.ADMIN)
    for person, method, path, body in (
        (maria, "DELETE", "/session", None),
        (admin, "PATCH", "/users/maria", {"role": "auditor"}),
        (admin, "DELETE", "/users/maria", None),
    ):
        await maria.signs_in("maria")
        async with follow(maria) as socket:
            await message(socket)
            await person.sends(method, path, body)
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 4401


async def test_with_a_token_a_program_follows(center: Center, follow: Following) -> None:
    rita = await center.signed_in("rita", Role.INTEGRATOR)
    made = await rita.sends("POST", "/tokens", {"name": "x", "scopes": ["events:read", "interactions:read"]})
    async with follow(None, "after=0", Authorization=f"Bearer {made.json()['token']}") as socket:
        assert (await message(socket))["data"]["resumed"]


async def test_an_agent_does_not_hear_whom_a_colleague_calls(center: Center, follow: Following) -> None:
    ana, start = await center.signed_in("ana", Role.AGENT, agent="ana"), center.journal.last
    await center.told([OwnCallBegan(agent="bruno", dialled="0301"), OwnCallBegan(agent="ana", dialled="0302")])
    async with follow(ana, f"after={start}") as socket:
        await message(socket)
        assert (await message(socket))["data"]["dialled"] == "0302"


@pytest.mark.parametrize("column", [sessions.c.began_at, sessions.c.seen_at])
async def test_a_websocket_ends_with_its_session(
    center: Center, follow: Following, column: Column[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.api.routes.events.CHECKED_EVERY", 0.05)
    maria = await center.signed_in("maria")
    async with follow(maria) as socket, asyncio.timeout(5):
        await message(socket)
        async with center.engine.begin() as store:
            await store.execute(update(sessions).values({column: "2000-01-01T00:00:00+00:00"}))
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4401


async def test_who_floods_us_is_let_go(center: Center, follow: Following) -> None:
    maria = await center.signed_in("maria")
    async with follow(maria) as socket, asyncio.timeout(10):
        with suppress(ConnectionClosed):
            while True:
                await socket.send("x")
                await asyncio.sleep(0)  # and sees whether she was let go
        assert socket.close_code == 4429


async def test_nobody_has_any_number_of_websockets(center: Center, follow: Following) -> None:
    maria = await center.signed_in("maria")
    async with AsyncExitStack() as stack, asyncio.timeout(10):
        for _ in range(20):
            await message(await stack.enter_async_context(follow(maria)))
        async with follow(maria) as socket:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 4429
