"""What the routes work with; put together by bridge.app."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from bridge.api.limits import Limits
from bridge.api.revocations import Revocations
from bridge.feed import Feed
from bridge.floor import Floor
from bridge.people.register import Register
from bridge.status import Status
from config.loader import Center
from ivr.flow import Flow
from telephony.acd.dispatcher import Acd
from telephony.clock import Clock


@dataclass(frozen=True)
class Services:
    """`end_contact` hangs up a live contact and tells whether there was one."""

    acd: Acd
    clock: Clock
    engine: AsyncEngine
    feed: Feed
    floor: Floor
    register: Register
    center: Callable[[], Center]
    flows: Callable[[], Mapping[str, Flow]]
    status: Callable[[], Awaitable[Status]]
    end_contact: Callable[[str], bool]
    metrics: Callable[[], tuple[bytes, str]]
    limits: Limits
    revocations: Revocations


async def services_of(connection: HTTPConnection) -> Services:
    """Those of the app that serves the request."""
    return cast(Services, connection.app.state.services)


Use = Annotated[Services, Depends(services_of)]
