"""The HTTP door of a real center: the first administrator, a call seen from outside, and hung up from there."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import ClientConnection, connect

from tests.acceptance.conftest import Throughline
from tests.fleet.fleet import Fleet, Manner
from tests.fleet.phone import Account

SOON = 15.0
PASSWORD = "correct horse 42"


@pytest.fixture
async def admin(throughline: Throughline) -> AsyncIterator[httpx2.AsyncClient]:
    """An administrator, added at the command line, with an API token."""
    done = await asyncio.to_thread(throughline.command, "user", "add", "admin", "--role", "admin", typed=PASSWORD)
    assert done.returncode == 0, done.stderr
    async with httpx2.AsyncClient(base_url=throughline.url, trust_env=False) as client:
        me = await client.post("/api/v1/session", json={"username": "admin", "password": PASSWORD})
        client.headers["X-CSRF-Token"] = me.json()["csrf_token"]
        made = await client.post("/api/v1/tokens", json={"name": "test", "scopes": me.json()["permissions"]})
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        yield client


async def until(socket: ClientConnection, type: str, **data: str) -> dict[str, Any]:
    """The next message of a type, with these values."""
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(SOON):
        while True:
            told.append(json.loads(await socket.recv()))
            if told[-1]["type"] == type and data.items() <= told[-1]["data"].items():
                return dict(told[-1]["data"])


async def test_a_call_is_seen_from_outside_and_hung_up_from_there(
    throughline: Throughline, admin: httpx2.AsyncClient
) -> None:
    host, _, port = throughline.sip.rpartition(":")
    fleet, ana = Fleet((host, int(port))), throughline.account("ana")
    events = throughline.url.replace("http", "ws") + "/api/v1/events"
    authorization = {"Authorization": admin.headers["Authorization"]}
    try:
        async with connect(events, additional_headers=authorization, proxy=None) as socket:
            await until(socket, "hello")
            await fleet.hire(Account(ana.username, ana.password), lambda: Manner(after=0.2))
            await until(socket, "reachability.changed", agent="ana")
            call = fleet.call("1000", "0700900200")
            arrived = await until(socket, "contact.arrived", customer="0700900200")
            assert await call.until(lambda: call.report.first_sound is not None, SOON)
            call.press("1")
            await until(socket, "contact.moved", contact_id=arrived["contact_id"], now="connected")
        assert (await agent(admin, "ana"))["line"]["code"] == "talking"
        assert (await admin.post(f"/api/v1/contacts/{arrived['contact_id']}/end")).status_code == 202
        assert await call.until(lambda: call.over, SOON)
        assert call.report.ended_by == "them"
        assert (await admin.post(f"/api/v1/contacts/{arrived['contact_id']}/end")).status_code == 404
    finally:
        await fleet.close()


async def agent(admin: httpx2.AsyncClient, name: str) -> dict[str, Any]:
    agents = (await admin.get("/api/v1/agents")).json()["items"]
    return dict(next(each for each in agents if each["name"] == name))


async def test_the_command_line_keeps_the_rules_of_users(throughline: Throughline, admin: httpx2.AsyncClient) -> None:
    for words, said in (
        (("add", "zoe"), "there is no agent zoe in this center"),
        (("remove", "admin"), "There must be an administrator"),
        (("add", "admin", "--role", "auditor"), "There must be an administrator"),
    ):
        done = await asyncio.to_thread(throughline.command, "user", *words, typed=PASSWORD)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert (await admin.get("/api/v1/users")).json()["items"][0]["role"] == "admin"


async def test_watchdogs_and_prometheus_read_it(admin: httpx2.AsyncClient) -> None:
    assert (await admin.get("/readyz")).json()["ready"]
    families = list(text_string_to_metric_families((await admin.get("/metrics")).text))
    assert "throughline_asterisk_connected" in {family.name for family in families}


def test_the_first_run_prints_a_link_for_the_first_administrator(throughline: Throughline) -> None:
    assert re.search(rf"{throughline.url}/welcome#[\w-]{{43}} ", "".join(throughline.said))
