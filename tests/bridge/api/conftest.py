"""The API over a real journal, store, feed and dispatcher; only the phones are missing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.api.app import make_api
from bridge.api.limits import Limits
from bridge.api.revocations import Revocations
from bridge.api.services import Services
from bridge.center import read_center
from bridge.facts import Facts
from bridge.feed import Feed
from bridge.floor import Floor
from bridge.interaction import Interactions
from bridge.journal import Journal
from bridge.people.register import Register
from bridge.people.roles import Role
from bridge.people.users import User
from bridge.status import Status
from bridge.store.projector import Projector
from telephony.acd.dispatcher import Acd
from telephony.acd.places import QueuePolicy
from telephony.agent import Agent
from telephony.clock import SystemClock
from telephony.events import Fact
from telephony.fence import Fence
from telephony.record import Record
from telephony.tasks import TaskSet
from tests.acceptance.conftest import SHIPPED
from tests.stores import empty_store

PASSWORD = "correct horse 42"
ORIGIN = "http://center.test"


class Person:
    """Somebody with a browser, or a program with a token; `csrf` is what she shows with each change."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client, self.csrf = client, ""

    async def signs_in(self, username: str, password: str = PASSWORD) -> httpx2.Response:
        answer = await self.client.post("/api/v1/session", json={"username": username, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf_token"]
        return answer

    async def gets(self, path: str, **query: Any) -> httpx2.Response:
        return await self.client.get(f"/api/v1{path}", params=query)

    async def sends(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        return await self.client.request(method, f"/api/v1{path}", json=body, headers=headers)


class Center:
    """A center whose API can be asked."""

    def __init__(self, folder: Path, journal: Journal, engine: AsyncEngine, stack: AsyncExitStack) -> None:
        self.journal, self.engine, self._stack = journal, engine, stack
        clock = SystemClock()
        self.projector = Projector(folder / "journal.sqlite", engine, clock)
        journal.on_durable(self.projector.notice)
        self.facts = Facts(journal, Interactions(), Fence(clock))
        whole = _read(SHIPPED)
        self.acd = Acd(clock, self.facts, Record(self.facts), {})
        self.acd.configure(
            [QueuePolicy(each.name, each.strategy, 20, 10, None, "default") for each in whole.center.queues.values()],
            [Agent(each.name, each.title, frozenset(each.queues)) for each in whole.center.agents.values()],
        )
        self.feed = Feed(folder / "journal.sqlite", journal.last)
        journal.on_durable(self.feed.notice)
        floor = Floor(self.acd, clock)
        self.facts.on_fact(floor.follow)
        self.ended: list[str] = []
        self.ready = True
        self.services = Services(
            acd=self.acd,
            clock=clock,
            engine=engine,
            feed=self.feed,
            floor=floor,
            register=Register(journal, self.projector, engine, clock),
            center=lambda: whole.center,
            flows=lambda: whole.flows,
            status=self._status,
            end_contact=self._end,
            metrics=lambda: (b"throughline_up 1\n", "text/plain; version=0.0.4; charset=utf-8"),
            limits=Limits(clock),
            revocations=Revocations(),
        )
        self.services.register.on_revoked(self.services.revocations.revoked)
        self.app: FastAPI = make_api(self.services)

    async def somebody(self, headers: dict[str, str] | None = None) -> Person:
        """Not signed in."""
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        return Person(await self._stack.enter_async_context(client))

    async def user(self, username: str, role: Role, agent: str = "") -> None:
        """Is there from now on."""
        await self.services.register.save(User(username, role, username.title(), agent), PASSWORD, by="a test")

    async def signed_in(self, username: str, role: Role = Role.SUPERVISOR, agent: str = "") -> Person:
        """A new user, signed in."""
        await self.user(username, role, agent)
        person = await self.somebody()
        assert (await person.signs_in(username)).status_code == 200
        return person

    async def told(self, facts: Sequence[Fact]) -> None:
        """Facts that the store shows now."""
        for fact in facts:
            self.journal.publish(fact)
        await self.shown()

    async def shown(self) -> None:
        """The store shows all that was told."""
        async with asyncio.timeout(10):
            await self.journal.durable(self.journal.last)
            await self.projector.caught_up()

    async def _status(self) -> Status:
        ready = self.ready
        hindered = str(self.journal.hindrance.since or "")
        return Status("r", ready, ready, {}, {}, self.journal.last, self.projector.reached, 0, {}, hindered=hindered)

    def _end(self, contact: str) -> bool:
        self.ended.append(contact)
        return contact != "nobody"


_read = cache(read_center)


@pytest.fixture
async def center(tmp_path: Path, journal: Journal, sqlite_store: AsyncEngine) -> AsyncIterator[Center]:
    """The shipped center, with no user yet."""
    (tmp_path / "throughline.sqlite").write_bytes(empty_store())
    async with AsyncExitStack() as stack:
        center = Center(tmp_path, journal, sqlite_store, stack)
        tasks = TaskSet("test")
        projecting = tasks.spawn(center.projector.run(), "projector")
        await center.projector.caught_up()
        yield center
        center.projector.stop()
        await asyncio.wait({projecting}, timeout=5)
        await center.feed.close()
        await center.acd.close()
        await tasks.close()
