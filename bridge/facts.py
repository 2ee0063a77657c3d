"""The way of every fact: into the journal, and through what follows from it."""

from collections.abc import Callable

import structlog

from bridge.interaction import Interactions
from bridge.journal import Journal
from telephony.events import Fact
from telephony.fence import Fence

log = structlog.get_logger()


class Facts:
    """The EventSink of the whole product."""

    def __init__(self, journal: Journal, interactions: Interactions, fence: Fence) -> None:
        self._journal, self._interactions, self._fence = journal, interactions, fence
        self._followers: list[Callable[[Fact], None]] = []

    def on_fact(self, follower: Callable[[Fact], None]) -> None:
        """Adds a follower: called at once with each fact that is kept. One that fails holds up nothing."""
        self._followers.append(follower)

    def publish(self, fact: Fact) -> None:
        """Keeps a fact, and those that it brings about; a controller that is fenced off has none to tell."""
        if not self._fence.stands:
            return
        self._keep(fact)
        for following in self._interactions.follow(fact):
            self._keep(following)

    def _keep(self, fact: Fact) -> None:
        self._journal.publish(fact)
        for follower in self._followers:
            try:
                follower(fact)
            except Exception:
                log.exception("follower_failed", fact=type(fact).__name__)
