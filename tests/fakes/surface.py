"""A person at the other end of a flow, and the queues she may wait in, in a time of their own that passes at once."""

import asyncio
import math
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from config.audio import Prompt
from telephony.contact import Contact, Medium
from telephony.events import Fact

PROMPT_LASTS = 3.0


def a_contact(id: str = "c1", medium: Medium = Medium.VOICE) -> Contact:
    """A call from 07700 900123 to 1000."""
    return Contact(id, f"i-{id}", medium, "1000", "07700900123", datetime(2025, 3, 3, 12, tzinfo=UTC))


def prompts(*names: str) -> dict[str, Prompt]:
    """Recordings that nobody plays."""
    return {name: Prompt(name, "en", Path(f"{name}.wav"), f"This is {name}.") for name in names}


class Person:
    """A Surface: she presses `keys`, each at its time, and leaves; all in seconds since she was answered.

    Every prompt lasts three seconds. `said` names the prompts begun, those that a key cut short with three dots.
    """

    def __init__(self, keys: Iterable[tuple[float, str]] = (), leaves: float = math.inf) -> None:
        self.contact = a_contact()
        self._keys = deque(sorted(keys, key=lambda each: each[0]))
        self._leaves = leaves
        self.now = 0.0
        self.answered = 0
        self.said: list[str] = []
        self.hung_up = False

    async def answer(self) -> None:
        self.answered += 1
        await self.until(self.now)

    async def say(self, prompt: Prompt) -> None:
        ends = self.now + PROMPT_LASTS
        if self._next_key() <= self.now:
            return
        self.said.append(prompt.name if self._next_key() >= ends else f"{prompt.name}...")
        await self.until(min(ends, self._next_key()))

    async def key(self, within: float) -> str | None:
        until = self.now + within
        if self._next_key() > until:
            await self.until(until)
            return None
        await self.until(self._next_key())
        return self._keys.popleft()[1]

    def hang_up(self) -> None:
        self.hung_up = True

    @property
    def unread(self) -> list[str]:
        """The keys pressed so far that nobody has asked for."""
        return [key for time, key in self._keys if time <= self.now]

    async def until(self, time: float) -> None:
        """Lets time pass. When she leaves before it has, the task is cancelled, as a hang-up cancels a call's."""
        self.now = max(self.now, min(time, self._leaves))
        if self.now >= self._leaves:
            task = asyncio.current_task()
            assert task
            task.cancel()
        await asyncio.sleep(0)

    def _next_key(self) -> float:
        return self._keys[0][0] if self._keys else math.inf


class Queues:
    """Queues in which `person` waits so many seconds and then leaves by an exit."""

    def __init__(self, person: Person, waits: float = 0.0, exit: str = "served") -> None:
        self._person, self._waits, self._exit = person, waits, exit
        self.joined: list[tuple[str, str]] = []

    async def enqueue(self, contact: Contact, queue: str) -> str:
        self.joined.append((contact.id, queue))
        await self._person.until(self._person.now + self._waits)
        return self._exit


class Told:
    """An EventSink that keeps what it was told."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def publish(self, fact: Fact) -> None:
        self.facts.append(fact)
