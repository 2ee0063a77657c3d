"""What a running controller tells of itself, to `throughline doctor` and to whoever may enter the state directory."""

from typing import Self

import msgspec

from telephony.acd.standing import Standing
from telephony.agent import Agent


class AgentStatus(msgspec.Struct, frozen=True):
    """An agent as routing sees her; `busy_with` is what keeps her from another call, or empty, and `standing` the one
    reason that decides whether she is offered one."""

    presence: str
    reachable: bool
    busy_with: str = ""
    standing: str = Standing.FREE

    @classmethod
    def of(cls, agent: Agent, standing: Standing) -> Self:
        """How she is now."""
        return cls(agent.presence, agent.reachable, agent.busy_with, standing)


class Status(msgspec.Struct, frozen=True):
    """`ari` and `ami` tell whether Asterisk is connected by them, `waiting` the length of each queue, and
    `talking` how many contacts of it are with an agent.

    Of all facts since the state began there are `facts`, of which the store holds those up to `projected`; `set_aside`
    were refused by it, and `failures` of tasks were counted by their owners, both since the controller's start;
    `process` is the controller's. `unwritten` facts wait in memory, since the disk has taken none from `hindered` on
    (ISO 8601; empty as long as it takes them) because of `hindrance`."""

    revision: str
    ari: bool
    ami: bool
    waiting: dict[str, int]
    agents: dict[str, AgentStatus]
    facts: int
    projected: int
    set_aside: int
    failures: dict[str, int]
    process: int = 0
    talking: dict[str, int] = {}
    unwritten: int = 0
    hindered: str = ""
    hindrance: str = ""

    @property
    def lag(self) -> int:
        """How many facts are not in the store yet."""
        return max(0, self.facts - self.projected)
