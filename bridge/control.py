"""The controller's own door: a socket in the state directory, one JSON request and one JSON answer a connection."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

log = structlog.get_logger()

LONGEST_REQUEST: Final = 64 * 1024
ANSWER_WITHIN: Final = 60.0

Handler = Callable[..., Awaitable[Any]]


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """A command by name, and what it needs to know."""

    command: str
    values: dict[str, str] = {}


class Answer(msgspec.Struct):
    """What came of it: `error` is empty when it was done."""

    error: str = ""
    result: Any = None


class NotRunning(Exception):
    """No controller listens there."""


class ControlServer:
    """Listens for whoever may enter the state directory."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self._path, self._handlers = path, handlers
        self._server: asyncio.Server | None = None
        self._inode = 0

    async def start(self) -> None:
        """Opens the socket, in place of that of another controller, which may still be closing its own."""
        ours = self._path.with_name(f"{os.getpid()}.sock")  # whoever closes a socket unlinks the name that it had
        ours.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, ours, limit=LONGEST_REQUEST)
        ours.chmod(0o600)
        self._inode = ours.stat().st_ino
        ours.rename(self._path)

    async def close(self) -> None:
        """Closes it, and leaves the socket of a controller that has taken over."""
        if self._server:
            with suppress(FileNotFoundError):
                if self._path.stat().st_ino == self._inode:
                    self._path.unlink()
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                writer.write(msgspec.json.encode(await self._answer(await reader.readline())) + b"\n")
                await writer.drain()
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("control_request_failed", reason=str(error) or type(error).__name__)
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Answer:
        try:
            request = msgspec.json.decode(line, type=Request)
            handler = self._handlers[request.command]
        except (msgspec.MsgspecError, KeyError) as error:
            return Answer(error=f"not a request: {error}")
        try:
            return Answer(result=await handler(**request.values))
        except Exception as error:
            log.exception("control_command_failed", command=request.command)
            return Answer(error=f"{request.command} failed: {error}")


def ask(path: Path, command: str, within: float = ANSWER_WITHIN, **values: str) -> Answer:
    """Asks the controller that listens there; blocking, in seconds. Raises NotRunning (also when it ends meanwhile),
    TimeoutError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(within)
        try:
            connection.connect(str(path))
            connection.sendall(msgspec.json.encode(Request(command, values)) + b"\n")
            with connection.makefile("rb") as answer:
                line = answer.readline()
        except (FileNotFoundError, ConnectionError) as error:
            raise NotRunning(str(path)) from error
    if not line:
        raise NotRunning(str(path))
    return msgspec.json.decode(line, type=Answer)
