"""Questions to the store."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bridge.journal import Entry
from bridge.store.tables import contents, facts, interactions


async def interaction_ids(connection: AsyncConnection, beginning: str, limit: int = 20) -> list[str]:
    """The interactions whose id begins so, newest first (`beginning` empty: the newest ones)."""
    query = select(interactions.c.id).where(interactions.c.id.startswith(beginning, autoescape=True))
    rows = await connection.execute(query.order_by(interactions.c.opened_at.desc()).limit(limit))
    return list(rows.scalars())


async def story(connection: AsyncConnection, interaction_id: str) -> list[Entry]:
    """All facts of one interaction, in order."""
    query = select(facts).where(facts.c.interaction_id == interaction_id).order_by(facts.c.sequence)
    rows = (await connection.execute(query)).all()
    kept = await _contents(connection, [row.sequence for row in rows])
    return [_entry(row, kept.get(row.sequence, {})) for row in rows]


async def _contents(connection: AsyncConnection, sequences: list[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for row in await connection.execute(select(contents).where(contents.c.sequence.in_(sequences))):
        found.setdefault(row.sequence, {})[row.field] = row.value
    return found


def _entry(row: Row[Any], kept: dict[str, Any]) -> Entry:
    return Entry(row.sequence, row.at, row.type, row.interaction_id, row.body, kept)
