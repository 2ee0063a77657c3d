"""Interactions as they are listed: each with its newest contact, who takes it, and how far it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Column, Exists, Row, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bridge.interaction import ASSIGNMENT_ENDS
from bridge.store.tables import assignments, contacts, contents, cut_offs, facts, interactions

_TELL_OF_CUSTOMERS: Final = ("ContactArrived", "CallerUnserved")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which interactions: `taken_by` limits them to those in which an agent had a part; `before` is an id; `cut_off`
    limits them to callers who may want to be called back."""

    state: str | None = None
    queue: str | None = None
    agent: str | None = None
    taken_by: str | None = None
    before: str | None = None
    cut_off: bool = False


@dataclass(slots=True)
class Matter:
    """An interaction in a list; times are ISO 8601. `contact` and `agent` are the newest ones.

    `cut_off` is its newest row of `cut_offs`."""

    id: str
    state: str
    opened_at: str
    closed_at: str | None
    contacts: list[Row[Any]] = field(default_factory=list)
    agent: str | None = None
    number: str | None = None
    name: str | None = None
    since: str | None = None
    cut_off: Row[Any] | None = None

    @property
    def contact(self) -> Row[Any] | None:
        """The newest contact."""
        return self.contacts[-1] if self.contacts else None


async def matters(connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Matter]:
    """At most so many, the newest first."""
    rows = await connection.execute(_query(wanted).order_by(interactions.c.id.desc()).limit(limit))
    return await _filled(connection, [Matter(row.id, row.state, row.opened_at, row.closed_at) for row in rows])


async def matter(connection: AsyncConnection, id: str, taken_by: str | None) -> Matter | None:
    """One, if it is there and may be seen."""
    row = (await connection.execute(_query(Wanted(taken_by=taken_by)).where(interactions.c.id == id))).first()
    if row is None:
        return None
    return (await _filled(connection, [Matter(row.id, row.state, row.opened_at, row.closed_at)]))[0]


async def contact(connection: AsyncConnection, id: str, taken_by: str | None) -> Row[Any] | None:
    """One contact, if it is there and its interaction may be seen."""
    query = select(contacts).where(contacts.c.id == id)
    if taken_by:
        query = query.where(_had_a_part(taken_by, contacts.c.interaction_id))
    return (await connection.execute(query)).first()


async def taken_by(connection: AsyncConnection, agent: str, among: Collection[str]) -> set[str]:
    """Those of some interactions in which an agent had a part."""
    query = select(assignments.c.interaction_id).where(
        assignments.c.agent == agent, assignments.c.interaction_id.in_(among)
    )
    return set((await connection.execute(query)).scalars())


async def going_on_with(connection: AsyncConnection, agent: str) -> set[str]:
    """The interactions that are not closed and in which an agent had a part."""
    query = select(interactions.c.id).where(interactions.c.state != "closed", _had_a_part(agent, interactions.c.id))
    return set((await connection.execute(query)).scalars())


async def contact_taken_by(connection: AsyncConnection, agent: str, contact: str) -> bool:
    """Whether an agent has accepted a contact that goes on; what is only offered to her is not hers yet."""
    mine = (assignments.c.agent == agent) & (assignments.c.contact_id == contact)
    mine &= assignments.c.accepted_at.is_not(None) & assignments.c.ended_at.is_(None)
    return (await connection.execute(select(exists().where(mine)))).scalar_one()


def _query(wanted: Wanted) -> Select[Any]:
    query = select(interactions)
    if wanted.state:
        query = query.where(interactions.c.state == wanted.state)
    if wanted.before:
        query = query.where(interactions.c.id < wanted.before)
    if wanted.queue:
        query = query.where(
            exists().where(contacts.c.interaction_id == interactions.c.id, contacts.c.queue == wanted.queue)
        )
    if wanted.cut_off:
        query = query.where(exists().where(cut_offs.c.interaction_id == interactions.c.id))
    for agent in filter(None, (wanted.agent, wanted.taken_by)):
        query = query.where(_had_a_part(agent, interactions.c.id))
    return query


def _had_a_part(agent: str, interaction: Column[Any]) -> Exists:
    return exists().where(assignments.c.interaction_id == interaction, assignments.c.agent == agent)


async def _filled(connection: AsyncConnection, found: Sequence[Matter]) -> list[Matter]:
    by_id = {each.id: each for each in found}
    ids = list(by_id)
    query = select(contacts).where(contacts.c.interaction_id.in_(ids)).order_by(contacts.c.arrived_at, contacts.c.id)
    for row in await connection.execute(query):
        by_id[row.interaction_id].contacts.append(row)
    parts = select(assignments).where(assignments.c.interaction_id.in_(ids)).order_by(assignments.c.offered_at)
    for row in await connection.execute(parts):
        if row.state not in ASSIGNMENT_ENDS or row.accepted_at:
            by_id[row.interaction_id].agent = row.agent
    cuts = select(cut_offs).where(cut_offs.c.interaction_id.in_(ids)).order_by(cut_offs.c.at)
    for row in await connection.execute(cuts):
        by_id[row.interaction_id].cut_off = row
    await _customers(connection, by_id)
    await _moments(connection, {id: each for id, each in by_id.items() if each.state != "closed"})
    return list(found)


async def _customers(connection: AsyncConnection, by_id: dict[str, Matter]) -> None:
    """Who the customer of the first contact said she was; nothing when that was erased."""
    same = (facts.c.journal == contents.c.journal) & (facts.c.sequence == contents.c.sequence)
    query = (
        select(facts.c.interaction_id, contents.c.field, contents.c.value)
        .join_from(facts, contents, same)
        .where(facts.c.interaction_id.in_(list(by_id)), facts.c.type.in_(_TELL_OF_CUSTOMERS))
        .order_by(facts.c.journal.desc(), facts.c.sequence.desc())
    )
    for row in await connection.execute(query):
        if row.field == "customer":
            by_id[row.interaction_id].number = row.value
        elif row.field == "customer_name":
            by_id[row.interaction_id].name = row.value


async def _moments(connection: AsyncConnection, by_id: dict[str, Matter]) -> None:
    """Since when the newest contact is in the state in which it is."""
    query = (
        select(facts.c.interaction_id, facts.c.at)
        .where(facts.c.interaction_id.in_(list(by_id)), facts.c.type == "ContactMoved")
        .order_by(facts.c.journal, facts.c.sequence)
    )
    for row in await connection.execute(query):
        by_id[row.interaction_id].since = row.at
