"""Sessions of browsers: kept in the store, ended by sign-out, by another session, by time, or with their user."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bridge.people.secret import digest, new_secret
from bridge.store.tables import sessions
from telephony.ids import new_id

# A long shift is not interrupted; a browser that was left behind is signed out.
LONGEST: Final = timedelta(hours=14)
IDLE: Final = timedelta(hours=2)
NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` is what its pages show with each change that they ask for."""

    id: str
    username: str
    csrf: str
    began_at: datetime
    seen_at: datetime
    where: str
    agent: str


async def begin(
    connection: AsyncConnection, username: str, now: datetime, where: str, agent: str
) -> tuple[str, Session]:
    """A new session with the secret for its cookie. `where` and `agent` (her browser) help its owner know it again."""
    secret, kept = new_secret()
    session = Session(new_id(), username, new_secret()[0], now, now, where[:64], agent[:200])
    await connection.execute(
        insert(sessions).values(
            id=session.id,
            digest=kept,
            username=username,
            csrf=session.csrf,
            address=session.where,
            user_agent=session.agent,
            began_at=now.isoformat(),
            seen_at=now.isoformat(),
        )
    )
    return secret, session


async def find(connection: AsyncConnection, secret: str, now: datetime) -> Session | None:
    """The session of a cookie, if it is still good; notes that it was seen."""
    row = (await connection.execute(select(sessions).where(sessions.c.digest == digest(secret)))).first()
    session = _session(row) if row else None
    if session is None or now - session.began_at > LONGEST or now - session.seen_at > IDLE:
        return None
    if now - session.seen_at > NOTED_EVERY:
        await connection.execute(update(sessions).where(sessions.c.id == session.id).values(seen_at=now.isoformat()))
    return session


async def of_user(connection: AsyncConnection, username: str) -> list[Session]:
    """A user's sessions, the newest first."""
    query = select(sessions).where(sessions.c.username == username).order_by(sessions.c.began_at.desc())
    return [_session(row) for row in await connection.execute(query)]


async def end(connection: AsyncConnection, username: str, id: str) -> bool:
    """Ends one of a user's sessions; tells whether there was such a one."""
    mine = (sessions.c.username == username) & (sessions.c.id == id)
    return (await connection.execute(delete(sessions).where(mine))).rowcount == 1


async def forget_old(connection: AsyncConnection, now: datetime) -> None:
    """Clears away what is good for nothing any more."""
    old = (sessions.c.began_at < (now - LONGEST).isoformat()) | (sessions.c.seen_at < (now - IDLE).isoformat())
    await connection.execute(delete(sessions).where(old))


def _session(row: Row[Any]) -> Session:
    began, seen = datetime.fromisoformat(row.began_at), datetime.fromisoformat(row.seen_at)
    return Session(row.id, row.username, row.csrf, began, seen, row.address, row.user_agent)
