"""The API put together."""

from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bridge.api.problems import described, response, tell_problems
from bridge.api.routes import configuration, events, floor, health, interactions, people, session
from bridge.api.services import Services

LARGEST_BODY: Final = 1 << 20
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
    api = APIRouter(prefix="/api/v1", responses=described(400, 401, 403, 404, 409, 413, 422, 429, 503))
    for each in (session, people, interactions, floor, configuration, events):
        api.include_router(each.router)
    app.include_router(api)
    app.include_router(health.router, responses=described(401, 403, 429, 503))
    tell_problems(app)
    app.add_middleware(Careful)
    return app


class Careful:
    """Refuses bodies that are too large, and has no answer of the API kept or guessed at by a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] != "http" or not scope["path"].startswith("/api"):
            await self._app(scope, receive, send)
        elif (length := dict(scope["headers"]).get(b"content-length", b"0")) and int(length or 0) > LARGEST_BODY:
            await response(413, "too_large", "A request may have a megabyte.")(scope, receive, send)
        else:
            await self._app(scope, receive, _guarded(send))


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
