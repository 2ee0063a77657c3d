"""The API put together."""

import asyncio
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridge.api.problems import described, response, tell_problems
from bridge.api.routes import configuration, events, floor, health, interactions, people, session
from bridge.api.services import Services

LARGEST_BODY: Final = 16 * 1024
BODY_WITHIN: Final = 10.0
_ABOUT: Final = """
Everything that the pages show and do. Sign in with `POST /session`, or send `Authorization: Bearer` with an API token.
Errors are problem details (RFC 9457); `code` is for programs. Facts come by the websocket `/api/v1/events` as
`{type, v, id, data}`; connect again with `after=` the last `id` and none is missed.
"""


def make_api(services: Services) -> FastAPI:
    """The app: /api/v1 with /api/docs, /healthz, /readyz, /metrics."""
    app = FastAPI(
        title="Throughline",
        description=_ABOUT,
        version=version("throughline"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.services = services
    api = APIRouter(prefix="/api/v1", responses=described(400, 401, 403, 404, 408, 409, 413, 422, 429, 503))
    for each in (session, people, interactions, floor, configuration, events):
        api.include_router(each.router)
    app.include_router(api)
    app.include_router(health.router, responses=described(401, 403, 429, 503))
    tell_problems(app)
    app.add_middleware(Careful)
    return app


class Careful:
    """Refuses bodies that are too large or too slow, and has no answer of the API kept or guessed at by a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] != "http" or not scope["path"].startswith("/api"):
            await self._app(scope, receive, send)
            return
        send = _guarded(send)
        try:
            body = await _body(receive)
        except TimeoutError:
            await response(408, "too_slow", f"A request has to be here within {BODY_WITHIN:g} s.")(scope, receive, send)
        except ValueError:
            refused = response(413, "too_large", f"A request may have {LARGEST_BODY // 1024} kilobytes.")
            await refused(scope, receive, send)
        else:
            if body is not None:
                await self._app(scope, _again(body, receive), send)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when the client has left in the middle. Raises ValueError when it is too large."""
    body, more = b"", True
    async with asyncio.timeout(BODY_WITHIN):
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body, more = body + message.get("body", b""), message.get("more_body", False)
            if len(body) > LARGEST_BODY:
                raise ValueError
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Tells of a body that was read, and then of what comes after it."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *message["headers"],
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
                (b"referrer-policy", b"no-referrer"),
            ]
        await send(message)

    return guarded
