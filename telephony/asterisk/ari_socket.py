"""One websocket to Asterisk's REST interface, over which requests go and their answers come back.

Source: REST over Websockets, Asterisk 22. Asterisk works through the requests of one socket strictly in order.
"""

import asyncio
import itertools
from typing import Any, Final

import msgspec
import structlog
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from telephony.asterisk.errors import Disconnected, NoReply, refusal

log = structlog.get_logger()

REPLY_WITHIN: Final = 5.0


class _Request(msgspec.Struct, tag="RESTRequest", tag_field="type", omit_defaults=True):
    request_id: str
    method: str
    uri: str
    content_type: str = ""
    message_body: str = ""


class _Response(msgspec.Struct):
    request_id: str = ""
    status_code: int = 0
    reason_phrase: str = ""
    message_body: str = ""


class _Message(msgspec.Struct):
    message: str = ""
    error: str = ""


_ENCODER: Final = msgspec.json.Encoder()
_RESPONSE: Final = msgspec.json.Decoder(_Response)


class CommandSocket:
    """Requests and answers over one connection. Without a connection a request fails at once."""

    def __init__(self) -> None:
        self._connection: ClientConnection | None = None
        self._pending: dict[str, tuple[str, asyncio.Future[str]]] = {}
        self._ids = itertools.count(1)

    @property
    def connected(self) -> bool:
        """Whether requests can be sent now."""
        return self._connection is not None

    async def serve(self, connection: ClientConnection) -> None:
        """Reads answers until the connection ends; every open request then fails."""
        self._connection = connection
        try:
            async for text in connection:
                self._answered(text)
        except ConnectionClosed as ended:
            log.debug("command_socket_lost", reason=str(ended))
        finally:
            self._connection = None
            self._fail_pending()

    async def request(self, method: str, uri: str, body: Any = None) -> str:
        """Sends one request and returns the answer's JSON text, empty for 204.

        Raises Refused (NotFound, Conflict), NoReply after 5 seconds, Disconnected.
        """
        connection, name = self._connection, f"{method} {uri}"
        if connection is None:
            raise Disconnected(name)
        request_id = str(next(self._ids))
        reply: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = (name, reply)
        try:
            async with asyncio.timeout(REPLY_WITHIN):
                await connection.send(_text(request_id, method, uri, body))
                return await reply
        except TimeoutError:
            raise NoReply(name) from None
        except (OSError, ConnectionClosed) as error:
            raise Disconnected(name) from error
        finally:
            self._pending.pop(request_id, None)

    def _answered(self, text: str | bytes) -> None:
        response = _RESPONSE.decode(text)
        name, reply = self._pending.pop(response.request_id, ("", None))
        if reply is None or reply.done():
            return
        if response.status_code < 400:
            reply.set_result(response.message_body)
        else:
            reply.set_exception(refusal(response.status_code, _message(response), name))

    def _fail_pending(self) -> None:
        pending, self._pending = self._pending, {}
        for name, reply in pending.values():
            if not reply.done():
                reply.set_exception(Disconnected(name))


def _text(request_id: str, method: str, uri: str, body: Any) -> str:
    if body is None:
        return _ENCODER.encode(_Request(request_id, method, uri)).decode()
    content = _ENCODER.encode(body).decode()
    return _ENCODER.encode(_Request(request_id, method, uri, "application/json", content)).decode()


def _message(response: _Response) -> str:
    try:
        said = msgspec.json.decode(response.message_body, type=_Message)
    except msgspec.MsgspecError:
        return response.reason_phrase
    return said.message or said.error or response.reason_phrase
