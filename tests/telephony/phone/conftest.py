"""Phones that a test starts, and that end with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from telephony.phone.protocol import Account
from telephony.phone.remote import Phone

StartPhone = Callable[..., Awaitable[Phone]]


@pytest.fixture
async def start_phone() -> AsyncIterator[StartPhone]:
    """Starts phones by name, outside callers unless told otherwise; a crashed one fails the test."""
    async with AsyncExitStack() as stack:

        async def start(username: str, **settings: Any) -> Phone:
            account = Account(username=username, **{"register": False, **settings})
            return await stack.enter_async_context(await Phone.start(account))

        yield start
