"""The way of every fact: into the journal, and through what follows from it."""

from bridge.interaction import Interactions
from bridge.journal import Journal
from telephony.events import Fact


class Facts:
    """The EventSink of the whole product."""

    def __init__(self, journal: Journal, interactions: Interactions) -> None:
        self._journal, self._interactions = journal, interactions

    def publish(self, fact: Fact) -> None:
        """Keeps a fact, and those that it brings about."""
        self._journal.publish(fact)
        for following in self._interactions.follow(fact):
            self._journal.publish(following)
