"""The events of a phone as its driver waits for them: each is handed out once, and every wait has a bound."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Generic, TypeVar, cast

from msgspec.structs import asdict

from telephony.phone.protocol import Event, snake

E = TypeVar("E", bound=Event)
KEPT = 1000
SHOWN = 12
UNTOLD = {"at", "headers", "media"}


class PhoneError(Exception):
    """A phone refused a command, or a call did not go as asked."""


class PhoneTimeout(PhoneError):
    """What was waited for did not come in time."""


class PhoneGone(PhoneError):
    """The phone's process ended."""


class Wanted(Generic[E]):
    """The events that a wait is for: of these kinds, with these values."""

    def __init__(self, *kinds: type[E], **values: object) -> None:
        self._kinds = kinds
        self._values = values

    def fits(self, event: Event) -> bool:
        """True for an event that would end the wait."""
        return isinstance(event, self._kinds) and all(getattr(event, k) == v for k, v in self._values.items())

    def __str__(self) -> str:
        return " or ".join(_shown(kind.__name__, self._values) for kind in self._kinds)


class Mailbox:
    """Events in the order they came; `past` has those that were handed out too."""

    def __init__(self, owner: str) -> None:
        self.past: deque[Event] = deque(maxlen=KEPT)
        self._owner = owner
        self._fresh: deque[Event] = deque(maxlen=KEPT)
        self._waits: list[tuple[Wanted[Event], asyncio.Future[Event]]] = []
        self._end: PhoneGone | None = None

    def post(self, event: Event) -> None:
        """An event came: the eldest fitting wait has it, or a later one."""
        self.past.append(event)
        for wanted, future in self._waits:
            if wanted.fits(event) and not future.done():
                return future.set_result(event)
        self._fresh.append(event)

    async def wait(self, wanted: Wanted[E], within: float) -> E:
        """The first fitting event that no other wait has had, be it already there.

        Raises PhoneTimeout after `within` seconds, PhoneGone when none can come any more.
        """
        found = next((event for event in self._fresh if wanted.fits(event)), None)
        if found:
            self._fresh.remove(found)
            return cast(E, found)
        if self._end:
            raise self._end
        return await self._come(wanted, within)

    def put_back(self, event: Event) -> None:
        """Lets another wait have an event."""
        self._fresh.appendleft(event)

    def drop(self, wanted: Wanted[E]) -> None:
        """Forgets fitting events that nobody waited for."""
        self._fresh = deque((event for event in self._fresh if not wanted.fits(event)), maxlen=KEPT)

    def close(self, end: PhoneGone) -> None:
        """No more events: those who wait, now or later, are told why."""
        self._end = end
        for _, future in self._waits:
            if not future.done():
                future.set_exception(end)

    def story(self) -> str:
        """The last events in few words."""
        return ", ".join(brief(event) for event in list(self.past)[-SHOWN:]) or "nothing"

    async def _come(self, wanted: Wanted[E], within: float) -> E:
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        entry = (cast(Wanted[Event], wanted), future)
        self._waits.append(entry)
        try:
            async with asyncio.timeout(within):
                return cast(E, await future)
        except TimeoutError:
            raise PhoneTimeout(f"{self._owner} waited {within:g} s for {wanted}; what came: {self.story()}") from None
        finally:
            self._waits.remove(entry)


def brief(message: Event) -> str:
    """An event in few words, for an error: `dtmf(call=1, digit='5', seconds=0.2)`."""
    values = {name: value for name, value in asdict(message).items() if name not in UNTOLD}
    return _shown(type(message).__name__, values)


def _shown(kind: str, values: Mapping[str, object]) -> str:
    inside = ", ".join(f"{name}={value!r}" for name, value in values.items())
    return f"{snake(kind)}({inside})" if inside else snake(kind)
