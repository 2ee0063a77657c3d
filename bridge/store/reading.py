"""Questions to the store."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bridge.journal import Entry
from bridge.store.tables import contents, facts, interactions

Key = tuple[str, int]


async def interaction_ids(connection: AsyncConnection, beginning: str, limit: int = 20) -> list[str]:
    """The interactions whose id begins so, newest first (`beginning` empty: the newest ones)."""
    query = select(interactions.c.id).where(interactions.c.id.startswith(beginning.lower(), autoescape=True))
    newest_first = query.order_by(interactions.c.opened_at.desc(), interactions.c.id.desc())
    return list((await connection.execute(newest_first.limit(limit))).scalars())


async def story(connection: AsyncConnection, interaction_id: str) -> list[Entry]:
    """All facts of one interaction, in order; the ids of journals that followed one another are in order, too."""
    query = select(facts).where(facts.c.interaction_id == interaction_id)
    rows = await connection.execute(query.order_by(facts.c.journal, facts.c.sequence))
    kept = await _contents(connection, interaction_id)
    return [_entry(row, kept.get((row.journal, row.sequence), {})) for row in rows]


async def _contents(connection: AsyncConnection, interaction_id: str) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    query = select(contents).join(facts).where(facts.c.interaction_id == interaction_id)
    for row in await connection.execute(query):
        found.setdefault((row.journal, row.sequence), {})[row.field] = row.value
    return found


def _entry(row: Row[Any], kept: dict[str, Any]) -> Entry:
    return Entry(row.sequence, row.at, row.type, row.interaction_id, row.body, kept)
