"""Whatever is sent to any route by anybody: no server error, no answer that the description does not know, and nothing
of customers whom she may not see."""

import asyncio
from dataclasses import replace
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from limits import RateLimitItem
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bridge.api.limits import Limits
from bridge.api.server import HttpServer
from bridge.people.roles import PERMISSIONS, Role
from config.instance import free_ports
from config.settings import HostPort
from telephony.clock import SystemClock
from tests.bridge.api.conftest import Center
from tests.bridge.facts_of_calls import a_call

EXAMPLES: Final = 12
FOREIGN: Final = "Somebody Elses Customer"


class Unlimited(Limits):
    """As often as one likes."""

    def count(self, limit: RateLimitItem, *whom: str) -> None:
        """Counts nothing."""


@pytest.mark.timeout(180)
@pytest.mark.parametrize("role", [None, *Role])
async def test_nothing_that_is_sent_breaks_it(center: Center, role: Role | None) -> None:
    center.app.state.services = replace(center.services, limits=Unlimited(SystemClock()))
    await center.told(a_call(agent="bruno", name=FOREIGN))
    headers = {"Authorization": f"Bearer {await a_token(center, role)}"} if role else {}
    (port,) = free_ports(1)
    server = HttpServer(center.app, HostPort("127.0.0.1", port), None, SystemClock())
    server.start()
    await server.serving()
    seen = await asyncio.to_thread(explore, f"http://127.0.0.1:{port}", headers)
    await server.close()
    assert seen["operations"] > 20
    assert seen["answers"] > 100
    if role in (None, Role.AGENT):
        assert FOREIGN not in seen["text"]
    else:
        assert FOREIGN in seen["text"]


async def a_token(center: Center, role: Role) -> str:
    await center.user("somebody", role, agent="ana")
    secret, _ = await center.services.register.make_token("somebody", "all", PERMISSIONS[role], None)
    return secret


def explore(url: str, headers: dict[str, str]) -> dict[str, Any]:
    """Sends what the description allows and what it does not, to every operation. Blocking."""
    schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
    seen: dict[str, Any] = {"operations": 0, "answers": 0, "text": ""}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        seen["operations"] += 1

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case: schemathesis.Case[Any]) -> None:
            answer = case.call(headers=headers)
            assert answer.status_code < 500 or case.path == "/readyz", f"{case.method} {case.path}: {answer.text}"
            case.validate_response(answer, checks=CHECKS)
            seen["answers"] += 1
            seen["text"] += answer.text

        send()
    return seen


CHECKS: Final = [content_type_conformance, response_schema_conformance, status_code_conformance]
