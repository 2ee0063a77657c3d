"""Changes to users and API tokens: each is a fact, and done once it is durable and the store shows it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.journal import Journal, NotDurable
from bridge.people import users
from bridge.people.facts import TokenMade, TokenRevoked, UserRemoved, UserSaved
from bridge.people.passwords import Passwords
from bridge.people.roles import Permission, Role
from bridge.people.secret import digest, new_secret
from bridge.people.users import Token, User
from bridge.store.projector import Projector
from telephony.clock import Clock
from telephony.events import Fact
from telephony.ids import new_id

SHOWN_WITHIN: Final = 5.0
TOKEN_PREFIX: Final = "tl_"  # noqa: S105 - so that a token that lies about is recognised as one


class LastAdministrator(Exception):
    """A change would leave nobody who can change users."""


class NotShownYet(Exception):
    """A change is kept, and the store will show it once it is back."""

    def __init__(self) -> None:
        super().__init__("The change is kept, and will show once the store is back.")


class NotKept(Exception):
    """A change that the disk does not take: it was refused, or it `may_follow` once there is room."""

    def __init__(self, may_follow: bool = False) -> None:
        follows = "The change may still take effect once there is room." if may_follow else "Nothing was changed."
        super().__init__(f"The disk is full, slow or failing; calls alone go on. {follows}")


class Register:
    """The one writer of users and tokens. Who decides by how users are holds `changing` until they are otherwise.

    Every change raises NotKept while the disk takes nothing, at once or after five seconds."""

    def __init__(self, journal: Journal, projector: Projector, engine: AsyncEngine, clock: Clock) -> None:
        self._journal, self._projector, self._engine, self._clock = journal, projector, engine, clock
        self.passwords = Passwords()
        self.changing = asyncio.Lock()
        self._on_revoked: list[Callable[[str], None]] = []

    def on_revoked(self, listener: Callable[[str], None]) -> None:
        """Adds a listener: called with the id of a token, or `user:` and a name, that is good no more."""
        self._on_revoked.append(listener)

    async def save(self, user: User, password: str | None, by: str) -> None:
        """Adds or changes a user; without a password she keeps hers. A new password, role or agent ends her sessions.

        Raises NotShownYet, LastAdministrator, LookupError for a new user without a password."""
        async with self._engine.connect() as connection:
            before = await users.find_user(connection, user.username)
            kept = await users.kept_password(connection, user.username)
            if user.role is not Role.ADMIN:
                await _keep_an_administrator(connection, before)
        if password is not None:
            kept = await self.passwords.hashed(password)
        if kept is None:
            raise LookupError(user.username)
        other = before is not None and (before.role, before.agent) != (user.role, user.agent)
        fact = UserSaved(
            username=user.username,
            role=user.role,
            title=user.title,
            password=kept,
            agent=user.agent,
            language=user.language,
            by=by,
            signs_out=password is not None or other,
        )
        await self._publish(fact, f"user:{user.username}" if fact.signs_out else "")

    async def remove(self, username: str, by: str) -> None:
        """Removes a user with her sessions and tokens. Raises NotShownYet, LastAdministrator."""
        async with self._engine.connect() as connection:
            await _keep_an_administrator(connection, await users.find_user(connection, username))
        await self._publish(UserRemoved(username=username, by=by), f"user:{username}")

    async def make_token(
        self, username: str, name: str, scopes: frozenset[Permission], expires: datetime | None
    ) -> tuple[str, Token]:
        """Gives out an API token, shown this once. Raises NotShownYet."""
        secret, kept = new_secret(TOKEN_PREFIX)
        token = Token(new_id(), name, username, scopes, "", expires.astimezone(UTC).isoformat() if expires else "")
        await self._publish(
            TokenMade(
                token_id=token.id,
                name=name,
                username=username,
                scopes=tuple(sorted(scopes)),
                digest=kept,
                expires_at=token.expires_at,
            )
        )
        async with self._engine.connect() as connection:
            return secret, await users.find_token(connection, kept) or token

    async def revoke_token(self, id: str, by: str) -> None:
        """Ends an API token. Raises NotShownYet."""
        await self._publish(TokenRevoked(token_id=id, by=by), id)

    async def invite(self, until: datetime) -> str | None:
        """The secret of a one-time invitation for the first administrator; None when there is an administrator."""
        secret, kept = new_secret()
        async with self._engine.begin() as connection:
            if await users.administrators(connection):
                return None
            await users.invite(connection, kept, until.isoformat())
        return secret

    async def take_invitation(self, secret: str) -> bool:
        """Uses an invitation up; tells whether it was a good one, which none is once there is an administrator."""
        self._require_room()
        async with self.changing, self._engine.begin() as connection:
            if await users.administrators(connection):
                return False
            return await users.take_invitation(connection, digest(secret), self._clock.now().isoformat())

    async def _publish(self, fact: Fact, revokes: str = "") -> None:
        self._require_room()
        number = self._journal.last + 1
        self._journal.publish(fact)
        try:
            async with asyncio.timeout(SHOWN_WITHIN):
                await self._journal.durable(number)
                await self._projector.caught_up()
        except NotDurable as error:
            raise NotKept(may_follow=True) from error
        except TimeoutError as error:
            raise (NotShownYet() if self._journal.keeps(number) else NotKept(may_follow=True)) from error
        finally:
            for listener in self._on_revoked if revokes else ():
                listener(revokes)

    def _require_room(self) -> None:
        if self._journal.hindrance.since or self._journal.closed:
            raise NotKept


async def _keep_an_administrator(connection: AsyncConnection, leaving: User | None) -> None:
    if leaving and leaving.role is Role.ADMIN and await users.administrators(connection) == 1:
        raise LastAdministrator("There must be an administrator: make another one first.")
