"""Queues as the dispatcher keeps them: their rules, places in them, and how a contact leaves one."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from config.hours import Hours
from telephony.acd.candidate import Waiting
from telephony.assignment import Assignment
from telephony.contact import Contact


class QueueExit(StrEnum):
    """How a contact left a queue while its customer was still there."""

    SERVED = "served"
    TIMED_OUT = "timed_out"
    CHOICE = "choice"
    NO_AGENT = "no_agent"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """A queue's rules for the dispatcher; times in seconds. `hours` None means that it never closes."""

    name: str
    strategy: str
    ring_time: float
    wrap_up: float
    max_wait: float | None
    music: str
    hours: Hours | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether contacts may enter at an aware `at`."""
        return self.hours is None or self.hours.is_open(at)


def without_rules(name: str) -> QueuePolicy:
    """Those of a queue that is gone, for who waits in it still."""
    return QueuePolicy(name, "longest_idle", ring_time=20.0, wrap_up=0.0, max_wait=None, music="default")


@dataclass(slots=True, eq=False)
class Place:
    """A contact's place in a queue. `picked` is done when the router has found an agent."""

    contact: Contact
    policy: QueuePolicy
    sequence: int
    since: float
    picked: asyncio.Future[Assignment]
    passed_over: dict[str, tuple[float, str]] = field(default_factory=dict)

    def patience(self, now: float) -> float | None:
        """For how many seconds more the contact may wait at a monotonic second; None when there is no limit."""
        return None if self.policy.max_wait is None else max(0.0, self.policy.max_wait - (now - self.since))

    def waiting(self) -> Waiting:
        """The place as the router sees it."""
        return Waiting(self.contact.id, self.policy.name, self.sequence, self.since, dict(self.passed_over))
