"""What an earlier controller left, read from the journal alone: a store that is slow or away holds up no recovery."""

from datetime import datetime
from pathlib import Path
from typing import Final, get_args

import msgspec
import structlog

from bridge.journal import Entry, Journal, contents, read, summary
from telephony.clock import Clock
from telephony.events import AnyFact, Fact
from telephony.ledger import Ledger

log = structlog.get_logger()

GROUP: Final = 5000
SUMMARY_EVERY: Final = 1000
_KINDS: Final = {kind.__name__: kind for kind in get_args(AnyFact)}


def remembered(journal: Path) -> Ledger:
    """The ledger as of the last fact in a journal; blocking. Raises sqlite3.Error."""
    after, ledger = _summarized(journal)
    while entries := read(journal, after, GROUP):
        for entry in entries:
            if fact := fact_of(entry):
                ledger.follow(fact, datetime.fromisoformat(entry.at), entry.sequence)
        after = entries[-1].sequence
    return ledger


def _summarized(journal: Path) -> tuple[int, Ledger]:
    """What is kept of older facts; when another version kept it in its own way, they are all read again."""
    after, state = summary(journal)
    try:
        ledger = msgspec.json.decode(state, type=Ledger) if state else Ledger()
    except msgspec.MsgspecError as error:
        log.warning("summary_unreadable", reason=str(error))
        return 0, Ledger()
    ledger.fill(contents(journal, ledger.words()))
    return after, ledger


def fact_of(entry: Entry) -> Fact | None:
    """An entry of the journal as a fact of voice or routing; None for another, and where contents were erased."""
    if (kind := _KINDS.get(entry.type)) is None:
        return None
    try:
        fact: Fact = msgspec.convert({"interaction_id": entry.interaction_id, **entry.body, **entry.contents}, kind)
    except msgspec.ValidationError as error:
        log.debug("fact_unreadable", type=entry.type, reason=str(error))
        return None
    return fact


class Bookkeeper:
    """Keeps the ledger of all that goes on, and gives the journal a summary from time to time, so that whoever comes
    after us need not read all facts again."""

    def __init__(self, clock: Clock, journal: Journal, ledger: Ledger) -> None:
        self._clock, self._journal, self.ledger = clock, journal, ledger
        self._due = journal.last + SUMMARY_EVERY

    def follow(self, fact: Fact) -> None:
        """Takes one fact that the journal has just taken."""
        self.ledger.follow(fact, self._clock.now(), self._journal.last)
        if self._journal.last >= self._due:
            self._due = self._journal.last + SUMMARY_EVERY
            self._journal.summarize(self.ledger.summary())
