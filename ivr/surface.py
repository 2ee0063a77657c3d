"""What a flow can do to a person, by voice now and by text later. A Call fits without knowing this."""

from typing import Protocol

from config.audio import Prompt
from telephony.contact import Contact


class Surface(Protocol):
    """One person at the other end. Cancelled, in whatever it does, when she leaves."""

    contact: Contact

    async def answer(self) -> None:
        """Takes the call or the conversation, once."""

    async def say(self, prompt: Prompt) -> None:
        """Says a prompt to its end, or until a key interrupts it (which is kept for `key`)."""

    async def key(self, within: float) -> str | None:
        """The next key, or None when none comes within so many seconds."""

    def hang_up(self) -> None:
        """Ends it."""
