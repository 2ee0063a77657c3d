"""A session of a person in a center, at any moment that a test wants."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ivr.session import Session
from tests.fakes.center import a_center
from tests.fakes.clock import BEGIN
from tests.fakes.surface import Person, Queues


class Stopped:
    """A Clock that shows one moment; whoever sleeps by it would never wake."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._at.timestamp()

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps by a stopped clock")


def a_session(
    person: Person, queues: Queues | None = None, at: datetime = BEGIN, variables: Mapping[str, str] | None = None
) -> Session:
    """A walk of hers through the flows of `a_center`."""
    return Session(person, a_center(), queues or Queues(person), Stopped(at), dict(variables or {}))
