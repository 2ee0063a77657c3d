"""Errors as problem details (RFC 9457): `code` is for programs, `detail` for people."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException

from bridge.people.register import LastAdministrator, NotKept, NotShownYet

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
MOST_ERRORS: Final = 20


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    problem: str


class ProblemDetails(BaseModel):
    """An error (RFC 9457): `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the description of the API tells which problems there may be."""
    schema = ProblemDetails.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")[FieldProblem.__name__]
    content = {MEDIA_TYPE: {"schema": schema}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


class Problem(Exception):
    """A request that is not done, and why."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers


def not_found(what: str) -> Problem:
    """There is no such thing, or none that who asks may see: the two look alike."""
    return Problem(404, "not_found", f"There is no such {what}.")


def response(
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> Response:
    """A problem as it is sent."""
    title = HTTPStatus(status).phrase
    content: dict[str, Any] = {"type": f"/api/docs#{code}", "title": title, "status": status, "code": code}
    content |= {"detail": detail} | ({"errors": list(errors)} if errors else {})
    return JSONResponse(content, status, dict(headers or {}), MEDIA_TYPE)


def tell_problems(app: FastAPI) -> None:
    """Has every error of an app told as a problem."""
    app.exception_handler(Problem)(_problem)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(DataError)(_no_value)
    app.exception_handler(SQLAlchemyError)(_store_away)
    app.exception_handler(OSError)(_store_away)
    app.exception_handler(NotShownYet)(_not_shown)
    app.exception_handler(NotKept)(_not_kept)
    app.exception_handler(LastAdministrator)(_last_administrator)
    app.exception_handler(Exception)(_bug)


async def _problem(_: Request, error: Problem) -> Response:
    return response(error.status, error.code, error.detail, error.headers)


async def _http(_: Request, error: HTTPException) -> Response:
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return response(error.status_code, code, str(error.detail), error.headers)


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    errors = [
        {"field": ".".join(map(str, each["loc"])), "problem": each["msg"]} for each in error.errors()[:MOST_ERRORS]
    ]
    return response(422, "invalid", "The request does not hold what it must.", errors=errors)


async def _no_value(_: Request, __: Exception) -> Response:
    """PostgreSQL takes no NUL."""
    return response(422, "invalid", "The request holds what no name or text can.")


async def _store_away(request: Request, error: Exception) -> Response:
    log.error("store_did_not_answer", path=request.url.path, reason=type(error).__name__)
    return response(503, "store_unavailable", "The store does not answer. Calls go on.", {"Retry-After": "5"})


async def _not_shown(_: Request, error: Exception) -> Response:
    return response(503, "not_shown_yet", str(error))


async def _not_kept(_: Request, error: Exception) -> Response:
    return response(503, "not_kept", str(error), {"Retry-After": "30"})


async def _last_administrator(_: Request, error: LastAdministrator) -> Response:
    return response(409, "last_administrator", str(error))


async def _bug(request: Request, error: Exception) -> Response:
    log.error("request_failed", path=request.url.path, exc_info=error)
    return response(500, "internal_error", "That failed through a fault of ours, which is in the log.")
