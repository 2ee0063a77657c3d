"""What this package asks of others, as small protocols owned here."""

from enum import StrEnum
from typing import Protocol

from telephony.assignment import Assignment
from telephony.contact import Contact
from telephony.events import Fact


class EventSink(Protocol):
    """Takes facts. It never blocks and never raises: a call does not wait for whoever listens."""

    def publish(self, fact: Fact) -> None:
        """Takes one fact, in the order in which they happen."""


class OfferResult(StrEnum):
    """What became of an offer to one agent; failed means that it could not be made, through no fault of hers."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    BUSY = "busy"
    UNANSWERED = "unanswered"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


class Delivery(Protocol):
    """Puts contacts of one medium before agents.

    Cancelling `offer` withdraws it: nothing rings any more. Cancelling `talk` ends the agent's part.
    """

    async def hold(self, contact: Contact, music: str) -> None:
        """Lets the customer wait pleasantly; safe to repeat."""

    async def offer(self, contact: Contact, assignment: Assignment, ring_time: float) -> OfferResult:
        """Offers the contact to the assignment's agent for at most `ring_time` seconds; accepted means joined."""

    async def talk(self, assignment: Assignment) -> None:
        """Returns once the agent has left; the customer is still there."""

    async def release(self, contact: Contact) -> None:
        """Takes the customer out of waiting, for the flow to go on."""
