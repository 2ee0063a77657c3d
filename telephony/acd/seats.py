"""At which phone each agent takes calls, and whether it can be reached: pure.

A phone is known by its account, which is the login of the agent whose own it is. It serves one agent at a time: who
signs in at another's phone takes it over until she signs out, or signs in elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from telephony.agent import NOT_REGISTERED


@dataclass(slots=True)
class Seats:
    """`taken` has the phone of each agent who is not at her own."""

    taken: dict[str, str] = field(default_factory=dict)
    _trouble: dict[str, str] = field(default_factory=dict)

    def agent_at(self, phone: str) -> str:
        """Who takes calls there; the phone's owner when nobody else does."""
        return next((agent for agent, at in self.taken.items() if at == phone), phone)

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

    def sit(self, agent: str, phone: str) -> Iterator[tuple[str, str]]:
        """An agent signs in at a phone; yields who has another phone now, and which (its own account)."""
        if (before := self.agent_at(phone)) not in (agent, phone):
            del self.taken[before]
            yield before, before
        if self.taken.get(agent, agent) != phone:
            self.taken.pop(agent, None)
            self.taken |= {agent: phone} if phone != agent else {}
            yield agent, phone

    def leave(self, agent: str) -> Iterator[tuple[str, str]]:
        """An agent is at her own phone again; yields her and it, if she was elsewhere."""
        if self.taken.pop(agent, None):
            yield agent, agent

    def gone(self, phone: str) -> Iterator[tuple[str, str]]:
        """There is no such phone and no such agent any more; yields as `sit` does."""
        self._trouble.pop(phone, None)
        for agent in [phone, *(agent for agent, at in self.taken.items() if at == phone)]:
            yield from self.leave(agent)

    def remember(self, taken: Mapping[str, str]) -> None:
        """How it was before a restart."""
        self.taken = dict(taken)
