"""Users and API tokens as they stand in the store."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bridge.people.roles import PERMISSIONS, Permission, Role
from bridge.store.tables import invitations, tokens, users

USERNAME: Final = r"[a-z][a-z0-9_-]{0,31}"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in; `agent` is the login of the agent that she is, or empty."""

    username: str
    role: Role
    title: str
    agent: str = ""
    language: str = ""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What her role allows."""
        return PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Token:
    """An API token; `expires_at` is ISO 8601, empty for never."""

    id: str
    name: str
    username: str
    scopes: frozenset[Permission]
    made_at: str
    expires_at: str

    @property
    def ends(self) -> datetime | None:
        """When it is good no more; None for never."""
        return datetime.fromisoformat(self.expires_at) if self.expires_at else None


async def all_users(connection: AsyncConnection) -> list[User]:
    """By username."""
    return [_user(row) for row in await connection.execute(select(users).order_by(users.c.username))]


async def find_user(connection: AsyncConnection, username: str) -> User | None:
    """One user."""
    row = (await connection.execute(select(users).where(users.c.username == username))).first()
    return _user(row) if row else None


async def kept_password(connection: AsyncConnection, username: str) -> str | None:
    """The hash of a user's password."""
    query = select(users.c.password).where(users.c.username == username)
    return (await connection.execute(query)).scalar_one_or_none()


async def administrators(connection: AsyncConnection) -> int:
    """How many there are; a center without one invites its first."""
    query = select(func.count()).select_from(users).where(users.c.role == Role.ADMIN)
    return int((await connection.execute(query)).scalar_one())


async def all_tokens(connection: AsyncConnection, username: str | None) -> list[Token]:
    """One user's, or with None everybody's; the newest first."""
    query = select(tokens).order_by(tokens.c.made_at.desc())
    if username is not None:
        query = query.where(tokens.c.username == username)
    return [_token(row) for row in await connection.execute(query)]


async def find_token(connection: AsyncConnection, digest: str) -> Token | None:
    """The token of this digest."""
    row = (await connection.execute(select(tokens).where(tokens.c.digest == digest))).first()
    return _token(row) if row else None


async def invite(connection: AsyncConnection, digest: str, until: str) -> None:
    """Takes an invitation in place of those before."""
    await connection.execute(delete(invitations))
    await connection.execute(insert(invitations).values(digest=digest, expires_at=until))


async def take_invitation(connection: AsyncConnection, digest: str, now: str) -> bool:
    """Uses an invitation up; tells whether it was a good one."""
    good = (invitations.c.digest == digest) & (invitations.c.expires_at > now)
    return (await connection.execute(delete(invitations).where(good))).rowcount == 1


def _user(row: Row[Any]) -> User:
    return User(row.username, Role(row.role), row.title, row.agent, row.language)


def _token(row: Row[Any]) -> Token:
    scopes = frozenset(Permission(each) for each in row.scopes if each in set(Permission))
    return Token(row.id, row.name, row.username, scopes, row.made_at, row.expires_at)
