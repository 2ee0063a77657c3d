"""What Asterisk keeps of a call for us, where it outlives us: a caller's ticket, and the errand of an agent's leg."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Self

import msgspec

from telephony.assignment import Assignment
from telephony.contact import Contact
from telephony.leg import Party


class Ticket(msgspec.Struct, frozen=True):
    """A caller's place in the order of arrivals, as it is written onto her channel before she waits."""

    contact: str
    interaction: str
    queue: str
    sequence: int
    arrived_at: datetime

    @classmethod
    def of(cls, it: Contact) -> Self:
        """That of a contact that waits."""
        return cls(it.id, it.interaction_id, it.queue or "", it.sequence or 0, it.arrived_at)

    def written(self) -> str:
        """As text."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From text; None where it is none."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.MsgspecError:
            return None


class Errand(NamedTuple):
    """For whom and by whom an agent's leg was made: the words with which it came under our control. No id and no name
    holds a comma."""

    party: str
    contact: str
    interaction: str
    queue: str
    sequence: str
    arrived_at: str
    assignment: str
    agent: str

    @classmethod
    def of(cls, it: Assignment, to: Contact) -> Self:
        """That of an assignment, to a contact."""
        began = to.arrived_at.isoformat()
        return cls(Party.AGENT, to.id, to.interaction_id, it.queue, str(to.sequence or 0), began, it.id, it.agent)

    @classmethod
    def read(cls, words: Sequence[str]) -> Self | None:
        """From the words of a channel; None where they tell of none."""
        return cls(*words) if len(words) == len(cls._fields) and words[0] == Party.AGENT else None

    @property
    def ticket(self) -> Ticket:
        """The caller's, who need not have waited and had one."""
        begun = datetime.fromisoformat(self.arrived_at)
        return Ticket(self.contact, self.interaction, self.queue, int(self.sequence), begun)
