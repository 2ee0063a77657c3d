"""The words of a scenario, the same on every stage: who is there, what they do, and what they hear.

Each word that waits has a bound, in seconds of the stage's time, and fails with what happened instead.
"""

from typing import Protocol

SOON = 10.0


class Person(Protocol):
    """Somebody with a phone."""

    @property
    def name(self) -> str:
        """How the others call them; also the login of an agent and the number of a caller."""

    async def dials(self, number: str) -> None:
        """Calls the center, and is on her way in."""

    async def hears(self, what: "str | Person", within: float = SOON) -> None:
        """A prompt begins, or MUSIC, RINGING, SILENCE or another person is heard, after what was heard before."""

    async def hears_all(self, prompt: str, within: float = SOON) -> None:
        """A prompt is heard from its beginning to its end."""

    async def hangs_up(self) -> None:
        """Ends the call."""

    async def presses(self, keys: str) -> None:
        """Presses keys."""

    async def is_hung_up(self, within: float = SOON) -> None:
        """The other side ends the call."""

    async def vanishes(self) -> None:
        """The phone dies without a word."""


class Caller(Person, Protocol):
    """A customer."""


class Agent(Person, Protocol):
    """Somebody who takes calls."""

    async def rings(self, within: float = SOON) -> None:
        """The phone begins to ring."""

    async def answers(self) -> None:
        """Picks up; the line is open."""

    async def declines(self) -> None:
        """Refuses the call that rings."""

    async def is_busy(self) -> None:
        """The phone refuses the call that rings, as busy."""

    async def stops_ringing(self, within: float = SOON) -> None:
        """The phone goes quiet without having been answered."""

    async def does_not_ring(self, seconds: float) -> None:
        """The phone stays quiet for so long."""

    async def leaves(self) -> None:
        """The phone is switched off as it should be."""

    async def comes_back(self) -> None:
        """The phone is switched on again."""


class Play(Protocol):
    """One performance."""

    async def agent(self, name: str) -> Agent:
        """An agent whose phone is registered, and who is free."""

    async def caller(self, name: str) -> Caller:
        """A customer with a phone."""

    def pin(self, agent: str) -> str:
        """What an agent keys in to sign in at another's phone."""

    async def passes(self, seconds: float) -> None:
        """Time passes."""

    async def settles(self) -> None:
        """All calls are over, wrap-up too, and nothing of them is left."""
