"""At which phone each agent takes calls, and whether it can be reached: pure.

A phone is known by its account, which is the login of the agent whose own it is. It serves one agent at a time: who
signs in at another's phone takes it over until she signs out, or signs in elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from telephony.agent import NOT_REGISTERED

Moves = list[tuple[str, str]]


@dataclass(slots=True)
class Seats:
    """`taken` has the phone of each agent who is not at her own."""

    taken: dict[str, str] = field(default_factory=dict)
    _trouble: dict[str, str] = field(default_factory=dict)

    def agent_at(self, phone: str) -> str:
        """Who takes calls there; the phone's owner when nobody else does."""
        return self._guest(phone) or phone

    def phone_of(self, agent: str) -> str | None:
        """Where an agent takes calls; None when another has signed in at her own phone and she at no other."""
        return self.taken.get(agent) or (agent if self.agent_at(agent) == agent else None)

    def trouble(self, agent: str) -> str:
        """Why an agent cannot be reached, as words after `her phone`; empty when she can."""
        phone = self.phone_of(agent)
        if phone is None:
            return f"is used by {self.agent_at(agent)}"
        return self._trouble.get(phone, NOT_REGISTERED)

    def found(self, phone: str, trouble: str) -> None:
        """What was seen of a phone."""
        self._trouble[phone] = trouble

    def sit(self, agent: str, phone: str) -> Moves:
        """An agent signs in at a phone; returns who has another phone now, and which."""
        guest = self._guest(phone)
        moves = self.leave(guest) if guest and guest != agent else []
        if self.taken.get(agent, agent) != phone:
            self.taken.pop(agent, None)
            self.taken |= {agent: phone} if phone != agent else {}
            moves.append((agent, phone))
        return moves

    def leave(self, agent: str) -> Moves:
        """An agent is at her own phone again; returns her and it, if she was elsewhere."""
        return [(agent, agent)] if self.taken.pop(agent, None) else []

    def gone(self, phone: str) -> Moves:
        """There is no such phone and no such agent any more; returns as `sit` does."""
        self._trouble.pop(phone, None)
        return [move for agent in (phone, self._guest(phone)) if agent for move in self.leave(agent)]

    def remember(self, taken: Mapping[str, str]) -> None:
        """How it was before a restart."""
        self.taken = dict(taken)

    def _guest(self, phone: str) -> str | None:
        return next((agent for agent, at in self.taken.items() if at == phone), None)
