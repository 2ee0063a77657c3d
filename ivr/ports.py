"""What flows ask of others."""

from typing import Protocol

from telephony.contact import Contact


class Queues(Protocol):
    """Where contacts wait for agents."""

    async def enqueue(self, contact: Contact, queue: str) -> str:
        """Waits, is served, and returns the name of the exit; cancelled when the customer leaves."""
