"""The HTTP server inside the controller's loop."""

import asyncio
import socket
import ssl
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from bridge.api.server import Certificate, HttpServer
from config.certificates import Authority
from config.instance import free_ports
from config.settings import HostPort
from telephony.clock import SystemClock
from tests.bridge.api.conftest import Center
from tests.bridge.conftest import Logged


async def test_a_port_that_is_taken_is_served_as_soon_as_it_is_free(center: Center, logged: Logged) -> None:
    (port,) = free_ports(1)
    other = socket.create_server(("127.0.0.1", port))
    server = HttpServer(center.app, HostPort("127.0.0.1", port), None, SystemClock())
    server.start()
    await logged.has_come("http_not_served")
    other.close()
    async with asyncio.timeout(10):
        await server.serving()
        async with httpx2.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
    await server.close()


async def test_pages_come_encrypted_with_a_certificate_of_our_own_authority(center: Center, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    authority = Authority(tmp_path / "tls", SystemClock().now())
    authority.certificate(("localhost", "127.0.0.1"), "https")
    file = Certificate(authority.file("https"))
    server = HttpServer(center.app, HostPort("127.0.0.1", port), file, SystemClock())
    server.start()
    trusted = ssl.create_default_context(cafile=tmp_path / "tls" / "ca.pem")
    async with asyncio.timeout(10):
        await server.serving()
        async with httpx2.AsyncClient(verify=trusted, trust_env=False) as client:
            assert (await client.get(f"https://127.0.0.1:{port}/healthz")).status_code == 200
    await server.close()


async def test_who_asks_for_nothing_is_let_go(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.api.server.REQUEST_WITHIN", 0.1)
    (port,) = free_ports(1)
    server = HttpServer(center.app, HostPort("127.0.0.1", port), None, SystemClock())
    server.start()
    async with asyncio.timeout(5):
        await server.serving()
        for begun in (b"", b"GET / HTTP/1.1\r\nHost:", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            with suppress(ConnectionResetError):
                await reader.read()
            writer.close()
    await server.close()


async def test_one_connection_too_many_is_refused(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.api.server.MOST_CONNECTIONS", 2)
    (port,) = free_ports(1)
    server = HttpServer(center.app, HostPort("127.0.0.1", port), None, SystemClock())
    server.start()
    async with asyncio.timeout(5):
        await server.serving()
        others = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        for _, each in [*others, (reader, writer)]:
            each.close()
    await server.close()
