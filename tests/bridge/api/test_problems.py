"""Every error is a problem that programs and people understand."""

import pytest
from sqlalchemy.exc import OperationalError

from bridge.people.register import NotKept, NotShownYet
from tests.bridge.api.conftest import Center


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("select", {}, Exception("gone")), 503, "store_unavailable"),
        (ConnectionRefusedError("no"), 503, "store_unavailable"),
        (NotShownYet(), 503, "not_shown_yet"),
        (NotKept(), 503, "not_kept"),
        (ZeroDivisionError("secret"), 500, "internal_error"),
    ],
)
async def test_what_fails_behind_a_route_is_told_without_its_inside(
    center: Center, error: Exception, status: int, code: str
) -> None:
    def fail() -> bool:
        raise error

    center.app.add_api_route("/fails", fail)
    answer = await (await center.somebody()).client.get("/fails")
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


async def test_what_is_not_there_and_what_is_not_possible_are_problems_too(center: Center) -> None:
    client = (await center.somebody()).client
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("PUT", "/healthz", 405)):
        answer = await client.request(method, path)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer.headers["content-type"] == "application/problem+json"
