"""The pages in a real browser, before a real center."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser as Chromium
from playwright.async_api import async_playwright

from bridge.web.build import build, install
from telephony.asterisk.install import AsteriskProgram
from tests.acceptance.conftest import Throughline, a_center
from tests.acceptance.web.chromium import Browser, find_or_install
from tests.acceptance.web.screen import Screen
from tests.fleet.fleet import Fleet

PASSWORD = "a lantern by the harbour"
PEOPLE = (("rita", "admin", "Rita Lima"), ("otto", "auditor", "Otto Brandt"), ("carla", "agent", "Carla Mensah"))
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="session")
def program(software: Path) -> Browser:
    """The browser, fetched at first use."""
    return find_or_install(software, report=print)


@pytest.fixture(scope="session")
def center(asterisk_program: AsteriskProgram) -> Iterator[Throughline]:
    """A center of its own for the pages, which are built when they have changed."""
    install(print)
    build(print)
    with a_center(asterisk_program) as running:
        for username, role, title in PEOPLE:
            add_user(running, username, role, title)
        yield running


def add_user(center: Throughline, username: str, role: str, title: str) -> None:
    """`throughline user add`."""
    command = (sys.executable, "-m", "bridge.cli", "user", "add", username, "--role", role, "--title", title)
    done = subprocess.run(command, env=center.environment, input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(program: Browser) -> AsyncIterator[Chromium]:
    """The browser, running, for all tests: each has windows of its own."""
    environment: dict[str, str | float | bool] = {**os.environ, **program.environment}
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=program.program, args=program.arguments, env=environment
        )
        yield running
        await running.close()


Seat = Callable[..., Awaitable[Screen]]


@pytest_asyncio.fixture(loop_scope="session")
async def seat(chromium: Chromium, center: Throughline) -> AsyncIterator[Seat]:
    """Sits somebody down before a screen of her own; in the end no browser may have complained."""
    screens: list[Screen] = []

    async with AsyncExitStack() as stack:

        async def sit(*, width: int = 1440, scheme: Scheme = "light", language: str = "en-GB") -> Screen:
            size = {"width": width, "height": 900}
            context = await stack.enter_async_context(
                await chromium.new_context(viewport=size, color_scheme=scheme, locale=language, reduced_motion="reduce")  # type: ignore[arg-type]
            )
            context.set_default_timeout(10_000)
            screens.append(screen := Screen(context, await context.new_page(), center.url))
            screen.listen()
            return screen

        yield sit
    assert not [words for screen in screens for words in screen.complaints]


@pytest_asyncio.fixture(loop_scope="session")
async def fleet(center: Throughline) -> AsyncIterator[Fleet]:
    """Phones, of agents and of callers."""
    host, _, port = center.sip.rpartition(":")
    phones = Fleet((host, int(port)))
    yield phones
    await phones.close()
