"""What the journal of the struck center tells, read while it is being written."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench.chaos.seen import Kept

_NEW: Final = """
SELECT f.sequence, f.type, json_extract(f.body, '$.contact_id') AS contact, c.value AS customer
FROM facts f LEFT JOIN contents c ON c.sequence = f.sequence AND c.field = 'customer'
WHERE f.sequence > ? AND f.type IN ('ContactArrived', 'CallCutOff') ORDER BY f.sequence
"""


@dataclass(slots=True)
class JournalReader:
    """Goes on from where it was."""

    file: Path
    kept: Kept = field(default_factory=Kept)
    _last: int = 0

    def look(self) -> None:
        """Takes up what is new; blocking."""
        with closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)) as database:
            for sequence, type, contact, customer in database.execute(_NEW, (self._last,)):
                self._last = sequence
                if type == "CallCutOff":
                    self.kept.cut_off.add(contact)
                else:
                    self.kept.contacts.setdefault(json.loads(customer), []).append(contact)
