"""The controller's door: what comes in, what goes out, and who is not let in."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.control import Answer, ControlServer, NotRunning, ask


async def double(number: str) -> int:
    return 2 * int(number)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Path]:
    path = tmp_path / "control.sock"
    server = ControlServer(path, {"double": double})
    await server.start()
    yield path
    await server.close()


async def test_a_command_is_carried_out_and_answered(door: Path) -> None:
    assert await asyncio.to_thread(ask, door, "double", number="21") == Answer(result=42)


async def test_a_command_that_fails_says_why_and_the_door_stays_open(door: Path) -> None:
    failed = await asyncio.to_thread(ask, door, "double", number="many")
    assert "double failed: invalid literal" in failed.error
    assert (await asyncio.to_thread(ask, door, "double", number="1")).result == 2


async def test_a_command_that_nobody_knows_is_refused(door: Path) -> None:
    assert "not a request" in (await asyncio.to_thread(ask, door, "explode")).error


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"command": 1}\n', b'{"command": "double", "more": 1}\n', b"\n"])
async def test_what_is_no_request_is_refused(door: Path, line: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(door)
    writer.write(line)
    assert "not a request" in json.loads(await reader.readline())["error"]
    writer.close()


async def test_only_its_owner_may_enter(door: Path) -> None:
    assert door.stat().st_mode & 0o777 == 0o600


async def test_a_door_that_a_dead_controller_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with pytest.raises(NotRunning):
        ask(path, "double", number="1")
    server = ControlServer(path, {"double": double})
    await server.start()
    assert (await asyncio.to_thread(ask, path, "double", number="4")).result == 8
    await server.close()
    with pytest.raises(NotRunning):
        ask(path, "double", number="1")
