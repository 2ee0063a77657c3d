"""baresip, a free SIP phone that knows nothing of us, driven over its control socket."""

import asyncio
import json
import os
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from pathlib import Path
from typing import Any, Self

from config.instance import free_ports
from telephony.asterisk.debian import Unpacked

MODULES = ("account", "aufile", "g711", "ctrl_tcp", "menu", "uuid")
STARTED_WITHIN = 10.0


class Baresip:
    """One phone: it sends `sound` (WAV) in its calls and writes what it hears to `heard`."""

    def __init__(
        self, process: Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: Path
    ) -> None:
        self._process, self._reader, self._writer, self.heard = process, reader, writer, heard

    @classmethod
    async def start(cls, tree: Unpacked, folder: Path, account: str, sound: Path) -> Self:
        """A phone with one account, in baresip's own notation."""
        folder.mkdir()
        port = free_ports(1)[0]
        heard = folder / "heard.wav"
        (folder / "config").write_text(_config(tree, port, sound, heard))
        (folder / "accounts").write_text(account + "\n")
        command = (*tree.command("baresip"), "-f", str(folder))
        process = await create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, env=_environment()
        )
        reader, writer = await _connect(port)
        return cls(process, reader, writer, heard)

    async def command(self, name: str, parameters: str = "") -> None:
        """Types a command of baresip's menu."""
        message = json.dumps({"command": name, "params": parameters, "token": "t"})
        self._writer.write(f"{len(message)}:{message},".encode())
        await self._writer.drain()

    async def event(self, kind: str, within: float = 10.0) -> dict[str, Any]:
        """Waits for an event of one type, such as CALL_ESTABLISHED."""
        seen = []
        try:
            async with asyncio.timeout(within):
                while True:
                    message = await self._message()
                    seen.append(message.get("type"))
                    if message.get("type") == kind:
                        return message
        except TimeoutError:
            raise AssertionError(f"no {kind} within {within} s; seen: {seen}") from None

    async def close(self) -> None:
        """Ends the phone."""
        self._writer.close()
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _message(self) -> dict[str, Any]:
        length = int((await self._reader.readuntil(b":"))[:-1])
        message = json.loads(await self._reader.readexactly(length))
        await self._reader.readexactly(1)
        return dict(message)


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(STARTED_WITHIN):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def _config(tree: Unpacked, port: int, sound: Path, heard: Path) -> str:
    lines = [
        f"module_path {tree.root / 'usr/lib/baresip/modules'}",
        *(f"module {name}.so" for name in MODULES),
        "sip_listen 127.0.0.1:0",
        "net_interface 127.0.0.1",
        f"audio_source aufile,{sound}",
        f"audio_player aufile,{heard}",
        f"audio_alert aufile,{heard.with_name('alert.wav')}",
        "audio_srate 8000",
        f"ctrl_tcp_listen 127.0.0.1:{port}",
        "call_max_calls 4",
        "rtp_ports 30000-31000",
    ]
    return "\n".join(lines) + "\n"
