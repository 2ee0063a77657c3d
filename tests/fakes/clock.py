"""Virtual time: an event loop in which waiting takes no time, and the Clock that goes with it.

Time stands still while anything is ready, then jumps to the next timer. Sockets inside the process are real; those of
Unix deliver at once, so that the same run always gives the same order. A TCP connection to a port that `route` knows
becomes one to a Unix socket.
"""

import asyncio
import functools
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

BEGIN: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TCP_GRACE: Final = 0.002
STUCK_AFTER: Final = 30.0
P = ParamSpec("P")
T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Looks for what is ready; where nothing is, moves the time instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.grace = 0.0
        self.real = False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if (ready := super().select(0)) or timeout == 0:
            return ready
        if timeout is None:
            return self._wait_for_another_thread()
        return self._wait(timeout) if self.real else self._jump(timeout)

    def _wait(self, timeout: float) -> list[tuple[selectors.SelectorKey, int]]:
        began = time.monotonic()
        ready = super().select(timeout)
        self.now += time.monotonic() - began
        return ready

    def _jump(self, timeout: float) -> list[tuple[selectors.SelectorKey, int]]:
        if self.grace and (ready := super().select(self.grace)):
            return ready
        self.now += timeout
        return []

    def _wait_for_another_thread(self) -> list[tuple[selectors.SelectorKey, int]]:
        if ready := super().select(STUCK_AFTER):
            return ready
        raise RuntimeError("everything waits, and there is no timer left to end it")


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on virtual time, which begins at 0."""

    def __init__(self) -> None:
        self._eyes = _Selector()
        self._routes: dict[int, Path] = {}
        super().__init__(self._eyes)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._eyes.now

    def stand_still(self, seconds: float) -> None:
        """Time passes and nothing is done, as in a process that is frozen; then all that has become due is."""
        self._eyes.now += seconds

    def route(self, port: int, path: Path) -> None:
        """Lets connections to a TCP port go to a Unix socket."""
        self._routes[port] = path

    @contextmanager
    def real_time(self) -> Iterator[None]:
        """Time passes as it does on the wall meanwhile: for what waits for threads or other processes."""
        was, self._eyes.real = self._eyes.real, True
        try:
            yield
        finally:
            self._eyes.real = was

    def run_in_executor(self, executor: Any, function: Any, *arguments: Any) -> Any:  # type: ignore[override]
        """What would be done on another thread is done at once: the same run always gives the same order."""
        done = self.create_future()
        try:
            done.set_result(function(*arguments))
        except Exception as error:
            done.set_exception(error)
        return done

    async def create_connection(self, factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """A connection, by way of `route` where it knows the port."""
        if path := self._routes.get(port):
            return await self.create_unix_connection(factory, str(path))
        self._eyes.grace = TCP_GRACE
        return await super().create_connection(factory, host, port, **options)

    async def create_server(self, *arguments: Any, **options: Any) -> asyncio.Server:
        """A TCP server; what TCP carries may need a moment, which the loop then leaves it before each jump."""
        self._eyes.grace = TCP_GRACE
        return await super().create_server(*arguments, **options)


class VirtualClock:
    """A Clock on a VirtualLoop, from a Monday morning on."""

    def now(self) -> datetime:
        """The date that virtual time has reached."""
        return BEGIN + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Virtual seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Returns after so many virtual seconds."""
        await asyncio.sleep(seconds)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end on virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def on_virtual_time(test: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Decorates an async test, so that it runs on virtual time."""

    @functools.wraps(test)
    def on_a_virtual_loop(*arguments: P.args, **options: P.kwargs) -> T:
        return run(test(*arguments, **options))

    return on_a_virtual_loop


def virtual_loop() -> VirtualLoop:
    """The running loop, which must be one of these."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop), "this needs virtual time"
    return loop
