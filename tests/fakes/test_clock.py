"""Virtual time waits for nothing but keeps its order, and lets real sockets and threads have their say."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import BEGIN, VirtualClock, VirtualLoop, on_virtual_time, run, virtual_loop


@on_virtual_time
async def test_a_day_takes_milliseconds() -> None:
    clock = VirtualClock()
    await clock.sleep(24 * 3600.0)
    assert clock.now() == BEGIN + timedelta(days=1)


@on_virtual_time
async def test_sleepers_wake_in_order() -> None:
    woken: list[float] = []

    async def sleeper(seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append(asyncio.get_running_loop().time())

    await asyncio.gather(*(sleeper(seconds) for seconds in (30.0, 0.5, 7.0, 7.0)))
    assert woken == pytest.approx([0.5, 7.0, 7.0, 30.0])


@on_virtual_time
async def test_time_outs_agree_with_the_clock() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(60):
            await asyncio.Event().wait()
    assert VirtualClock().monotonic() == pytest.approx(60)


async def _echo_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def _echoes(port: int) -> None:
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()


@on_virtual_time
async def test_loopback_is_faster_than_any_timer() -> None:
    async with await asyncio.start_server(_echo_once, "127.0.0.1", 0) as server:
        await _echoes(server.sockets[0].getsockname()[1])
    assert VirtualClock().monotonic() < 5


@on_virtual_time
async def test_a_routed_port_takes_no_time_at_all(tmp_path: Path) -> None:
    virtual_loop().route(4711, tmp_path / "echo")
    async with await asyncio.start_unix_server(_echo_once, tmp_path / "echo"):
        await _echoes(4711)
    assert VirtualClock().monotonic() == 0


@on_virtual_time
async def test_real_time_waits_for_threads() -> None:
    loop, done = virtual_loop(), asyncio.Event()
    threading.Timer(0.05, loop.call_soon_threadsafe, (done.set,)).start()
    with loop.real_time():
        async with asyncio.timeout(5):
            await done.wait()
    assert loop.time() < 5


def test_a_loop_where_nothing_can_happen_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fakes.clock.STUCK_AFTER", 0.01)
    with pytest.raises(RuntimeError, match="everything waits"):
        run(asyncio.Event().wait())


def test_what_a_test_returns_comes_back() -> None:
    async def answer() -> int:
        assert isinstance(asyncio.get_running_loop(), VirtualLoop)
        return 42

    assert run(answer()) == 42
