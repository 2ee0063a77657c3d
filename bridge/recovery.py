"""What an earlier controller left: what was open in the record is closed by legal moves, what agents chose is kept."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bridge.store.tables import assignments, contacts, interactions, presences, seats
from telephony.agent import Presence
from telephony.assignment import AssignmentState
from telephony.contact import ContactState
from telephony.events import AssignmentMoved, ContactMoved, Fact, InteractionMoved

REASON: Final = "the controller was restarted"

_S = AssignmentState
_WAY_OUT: Final[Mapping[str, tuple[AssignmentState, ...]]] = {
    _S.OFFERED: (_S.WITHDRAWN,),
    _S.ACCEPTED: (_S.ACTIVE, _S.WRAP_UP, _S.DONE),
    _S.ACTIVE: (_S.WRAP_UP, _S.DONE),
    _S.HELD: (_S.WRAP_UP, _S.DONE),
    _S.WRAP_UP: (_S.DONE,),
}
_ABANDONED: Final = frozenset({ContactState.ARRIVED, ContactState.QUEUED, ContactState.OFFERED})


async def close_what_was_left_open(connection: AsyncConnection, publish: Callable[[Fact], None]) -> int:
    """Publishes the ends of all that the store shows as going on; returns how many facts that took."""
    facts = [
        *_ends_of_assignments(await _open(connection, assignments)),
        *_ends_of_contacts(await _open(connection, contacts)),
        *_ends_of_interactions(await _open(connection, interactions)),
    ]
    for fact in facts:
        publish(fact)
    return len(facts)


async def chosen_presences(connection: AsyncConnection) -> dict[str, Presence]:
    """What each agent last chose: it outlives us. A missed call's time-out does not."""
    rows = (await connection.execute(select(presences.c.agent, presences.c.state))).all()
    return {row.agent: Presence(row.state) for row in rows if row.state != Presence.UNRESPONSIVE}


async def seats_taken(connection: AsyncConnection) -> dict[str, str]:
    """The phone of each agent who had signed in at another's."""
    rows = (await connection.execute(select(seats).where(seats.c.phone != seats.c.agent))).all()
    return {row.agent: row.phone for row in rows}


async def _open(connection: AsyncConnection, table: Any) -> list[Row[Any]]:
    ended = table.c.get("ended_at", table.c.get("closed_at"))
    return list((await connection.execute(select(table).where(ended.is_(None)))).all())


def _ends_of_assignments(rows: list[Row[Any]]) -> Iterator[Fact]:
    for row in rows:
        was = row.state
        for now in _WAY_OUT.get(row.state, ()):
            yield AssignmentMoved(
                interaction_id=row.interaction_id,
                assignment_id=row.id,
                contact_id=row.contact_id,
                agent=row.agent,
                queue=row.queue,
                medium=row.medium,
                was=was,
                now=now,
                reason=REASON,
            )
            was = now


def _ends_of_contacts(rows: list[Row[Any]]) -> Iterator[Fact]:
    for row in rows:
        yield ContactMoved(
            interaction_id=row.interaction_id,
            contact_id=row.id,
            was=row.state,
            now=ContactState.ABANDONED if row.state in _ABANDONED else ContactState.CLOSED,
            reason=REASON,
            queue=row.queue,
            sequence=row.sequence,
        )


def _ends_of_interactions(rows: list[Row[Any]]) -> Iterator[Fact]:
    for row in rows:
        yield InteractionMoved(interaction_id=row.id, was=row.state, now="closed", reason=REASON)
