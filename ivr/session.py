"""One person's walk through a flow: what nodes have at hand."""

from dataclasses import dataclass, field
from datetime import datetime

from config.loader import Center
from ivr.ports import Queues
from ivr.surface import Surface
from telephony.clock import Clock


@dataclass(slots=True)
class Session:
    """The person, the center as it was when she came, the queues, the time, and what the flow has noted (`variables`).

    `node` is where the walk is, entered for the `attempt`-th time.
    """

    surface: Surface
    center: Center
    queues: Queues
    clock: Clock
    variables: dict[str, str] = field(default_factory=dict)
    node: str = ""
    attempt: int = 0

    def now(self) -> datetime:
        """The center's wall clock."""
        return self.clock.now().astimezone(self.center.timezone)

    async def say(self, prompt: str) -> None:
        """Says a prompt by its name, in the center's language; names are checked before a flow is used."""
        await self.surface.say(self.center.prompts[self.center.language][prompt])

    async def forget_keys(self) -> None:
        """Drops the keys pressed so far, lest they cut short what is said next or answer what is asked next."""
        while await self.surface.key(0) is not None:
            pass
