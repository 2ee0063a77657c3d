"""One person's walk through a flow: what nodes have at hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from config.audio import Prompt
from ivr.ports import Queues
from ivr.surface import Surface


@dataclass(slots=True)
class Session:
    """The person, the words in her language, the queues, and what the flow has noted (`variables`)."""

    surface: Surface
    prompts: Mapping[str, Prompt]
    queues: Queues
    variables: dict[str, str] = field(default_factory=dict)

    async def say(self, prompt: str) -> None:
        """Says a prompt by its name; names are checked before a flow is used."""
        await self.surface.say(self.prompts[prompt])

    async def forget_keys(self) -> None:
        """Drops the keys pressed so far, lest they cut short what is said next or answer what is asked next."""
        while await self.surface.key(0) is not None:
            pass
