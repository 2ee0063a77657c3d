"""Every call accounted for: what phones saw against what the center kept."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from config.instance import Instance
from tests.fleet.call import US, VANISHED, Report

RING_ON: Final = 0.5
HEARD_WITHIN: Final = 1.0
ENDS: Final = ("closed", "abandoned")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds: contacts by the number that called, and what must be nothing."""

    contacts: dict[str, list[sqlite3.Row]]
    connected: frozenset[str]
    waits: list[float]
    open_interactions: list[str]
    illegal_moves: list[str]
    set_aside: list[str]
    facts: int
    facts_in_journal: int


def kept(instance: Instance) -> Kept:
    """Reads a store that has caught up."""
    with closing(_open(instance.store)) as store, closing(_open(instance.journal)) as journal:
        moves = _moves(store)
        return Kept(
            _contacts(store),
            frozenset(contact for contact, states in moves.items() if "connected" in states),
            [_seconds(s["queued"], s["connected"]) for s in moves.values() if {"queued", "connected"} <= s.keys()],
            _column(store, "SELECT id FROM interactions WHERE state <> 'closed'"),
            _column(store, "SELECT body FROM facts WHERE type = 'IllegalMove'"),
            _column(store, "SELECT sequence || ': ' || reason FROM set_aside"),
            _count(store),
            _count(journal),
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """What is not as it should be, by kind, each with the number or id concerned."""

    found: dict[str, list[str]]

    @property
    def wrong(self) -> int:
        """How many."""
        return sum(map(len, self.found.values()))


def reckon(callers: Sequence[Report], agents: Sequence[Report], kept: Kept, log: Path) -> Findings:
    """All checks, also those that found nothing."""
    by_number = {report.caller: report for report in callers}
    return Findings(
        {
            "call without exactly one contact": [*_unmatched(callers, kept)],
            "contact of nobody": [number for number in kept.contacts if number not in by_number],
            "caller who left unserved but is not kept as abandoned": [*_not_abandoned(callers, kept)],
            "contact that did not end": [*_unended(kept)],
            "interaction that is not closed": kept.open_interactions,
            "illegal move": kept.illegal_moves,
            "fact set aside": kept.set_aside,
            "facts missing in the store": [str(kept.facts_in_journal - kept.facts)]
            * (kept.facts != kept.facts_in_journal),
            "task that failed": [*_failures(log)],
            "doubled answer": [*_doubled(agents)],
            "ring more than 500 ms after the caller left": [*_rings_on(agents, by_number)],
            "answer to a caller who had left": [*_too_late(agents, by_number)],
            "talk more than 500 ms after the caller left": [*_dead_air(agents, by_number)],
            "talk that one side did not hear": [*_unheard(agents, by_number)],
            "somebody else heard": [*_crosstalk(callers, agents, by_number)],
            "talk that the store does not know": [*_unknown_talks(callers, kept)],
        }
    )


def _unmatched(callers: Iterable[Report], kept: Kept) -> Iterator[str]:
    """A call that was left before it was answered may or may not have reached the center."""
    for report in callers:
        count = len(kept.contacts.get(report.caller, ()))
        if count > 1 or (count == 0 and report.answered is not None):
            yield f"{report.caller}: {count} contacts"


def _not_abandoned(callers: Iterable[Report], kept: Kept) -> Iterator[str]:
    for report in callers:
        if report.ended_by == US and _outcome(report, kept) == "ended by the flow":
            yield report.caller


def _unended(kept: Kept) -> Iterator[str]:
    for rows in kept.contacts.values():
        yield from (f"{row['customer']}: {row['state']}" for row in rows if row["state"] not in ENDS)


def _failures(log: Path) -> Iterator[str]:
    for entry in entries(log):
        if entry.get("event") == "task_failed":
            yield f"{entry.get('task')}: {str(entry.get('exception', '')).splitlines()[-1:]}"


def _doubled(agents: Iterable[Report]) -> Iterator[str]:
    talks = defaultdict(list)
    for report in agents:
        if report.answered is not None and report.ended is not None:
            talks[report.contact].append(report)
    for contact, several in talks.items():
        several.sort(key=lambda report: report.answered or 0.0)
        if any((first.ended or 0) > (second.answered or 0) for first, second in pairwise(several)):
            yield f"{contact}: {[report.phone for report in several]}"


def _left(report: Report, callers: dict[str, Report]) -> float | None:
    caller = callers.get(report.caller)
    return caller.ended if caller else None


def _rings_on(agents: Iterable[Report], callers: dict[str, Report]) -> Iterator[str]:
    for report in agents:
        left, until = _left(report, callers), report.answered or report.ended
        if left and until and until - left > RING_ON and report.ended_by != VANISHED:
            yield f"{report.caller} at {report.phone}: {until - left:.3f} s"


def _too_late(agents: Iterable[Report], callers: dict[str, Report]) -> Iterator[str]:
    """The two may cross on the way; whoever answers later than that answers nobody."""
    for report in agents:
        left = _left(report, callers)
        if left and report.answered and report.answered - left > HEARD_WITHIN / 10:
            yield f"{report.caller} at {report.phone}: {report.answered - left:.3f} s"


def _dead_air(agents: Iterable[Report], callers: dict[str, Report]) -> Iterator[str]:
    for report in agents:
        left, ended = _left(report, callers), report.ended
        if left and ended and report.answered and ended - left > RING_ON and report.ended_by != VANISHED:
            yield f"{report.caller} at {report.phone}: {ended - left:.3f} s"


def _unheard(agents: Iterable[Report], callers: dict[str, Report]) -> Iterator[str]:
    for report in agents:
        caller = callers.get(report.caller)
        if not caller or not caller.ended or not report.ended or not report.answered:
            continue
        if min(caller.ended, report.ended) - report.answered < HEARD_WITHIN or report.ended_by == VANISHED:
            continue
        if caller.phone not in report.heard:
            yield f"{report.caller}: {report.phone} did not hear her"
        if report.phone not in caller.heard:
            yield f"{report.caller}: she did not hear {report.phone}"


def _crosstalk(callers: Iterable[Report], agents: Iterable[Report], by_number: dict[str, Report]) -> Iterator[str]:
    partners = defaultdict(set)
    for report in agents:
        if caller := by_number.get(report.caller):
            partners[report.caller].add(report.phone)
            if strangers := report.heard.keys() - {caller.phone}:
                yield f"{report.phone} heard {strangers} in {report.caller}'s call"
    for report in callers:
        if strangers := report.heard.keys() - partners[report.caller]:
            yield f"{report.caller} heard {strangers}"


def _unknown_talks(callers: Iterable[Report], kept: Kept) -> Iterator[str]:
    for report in callers:
        contacts = kept.contacts.get(report.caller, ())
        if report.heard and not any(row["id"] in kept.connected for row in contacts):
            yield f"{report.caller} heard {list(report.heard)}"


def outcomes(callers: Iterable[Report], kept: Kept) -> Counter[str]:
    """How many callers were served, abandoned, ended by the menu, refused, or left before we knew of them."""
    return Counter(_outcome(report, kept) for report in callers)


def _outcome(report: Report, kept: Kept) -> str:
    contacts = kept.contacts.get(report.caller)
    if not contacts:
        return "left before it began" if report.ended_by == US else f"refused ({report.status})"
    if contacts[0]["id"] in kept.connected:
        return "served"
    return "abandoned" if contacts[0]["state"] == "abandoned" else "ended by the flow"


def entries(log: Path) -> Iterator[dict[str, Any]]:
    """The lines of a log and of what it was turned over to."""
    for file in sorted(log.parent.glob(f"{log.name}*")):
        with file.open() as lines:
            yield from (json.loads(line) for line in lines if line.startswith("{"))


def _contacts(store: sqlite3.Connection) -> dict[str, list[sqlite3.Row]]:
    found = defaultdict(list)
    for row in store.execute(
        "SELECT k.value AS customer, c.id, c.state FROM facts f JOIN contents k USING (journal, sequence)"
        " JOIN contacts c ON c.id = json_extract(f.body, '$.contact_id')"
        " WHERE f.type = 'ContactArrived' AND k.field = 'customer'"
    ):
        found[str(json.loads(row["customer"]))].append(row)
    return dict(found)


def _moves(store: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """When each contact first came to each state."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for at, contact, now in store.execute(
        "SELECT at, json_extract(body, '$.contact_id'), json_extract(body, '$.now') FROM facts"
        " WHERE type = 'ContactMoved' ORDER BY sequence"
    ):
        found[contact].setdefault(now, at)
    return dict(found)


def _seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


def _column(database: sqlite3.Connection, query: str) -> list[str]:
    return [str(row[0]) for row in database.execute(query)]


def _count(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT count(*) FROM facts").fetchone()[0])


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
