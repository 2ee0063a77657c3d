"""Users, and API tokens."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from bridge.api.asking import Allow, Asking, identified
from bridge.api.problems import Problem, not_found
from bridge.api.services import Services, Use
from bridge.api.shapes import (
    NewToken,
    NewUser,
    TokenGiven,
    Tokens,
    TokenShown,
    UserChange,
    Users,
    UserShown,
)
from bridge.people import passwords, users
from bridge.people.roles import Permission
from bridge.people.users import Token, User

router = APIRouter(tags=["people"])


async def _one_by_one(request: Request, services: Use) -> AsyncIterator[None]:
    """Two changes at once could leave no administrator; and whoever waited for hers may not change users any more."""
    async with services.register.changing:
        asking = await identified(request, services)
        if asking is None or not asking.may(Permission.USERS_WRITE):
            raise Problem(403, "not_allowed", "That was taken from you meanwhile.")
        yield


Reads = Annotated[Asking, Depends(Allow(Permission.USERS_READ))]
Writes = Annotated[Asking, Depends(Allow(Permission.USERS_WRITE))]
OneByOne = Annotated[None, Depends(_one_by_one, scope="function")]
HandsOut = Annotated[Asking, Depends(Allow(Permission.TOKENS_WRITE))]


@router.get("/users")
async def list_users(_: Reads, services: Use) -> Users:
    """Who may sign in."""
    async with services.engine.connect() as store:
        return Users(items=[_shown(each) for each in await users.all_users(store)])


@router.post("/users", status_code=201)
async def add_user(wanted: NewUser, asking: Writes, services: Use, _: OneByOne) -> UserShown:
    """Add a user."""
    async with services.engine.connect() as store:
        if await users.find_user(store, wanted.username):
            raise Problem(409, "taken", f"There is a user {wanted.username} already.")
    user = User(wanted.username, wanted.role, wanted.title, wanted.agent or "", wanted.language or "")
    _check(services, user, wanted.password)
    await services.register.save(user, wanted.password, asking.user.username)
    return _shown(user)


@router.patch("/users/{username}")
async def change_user(username: str, wanted: UserChange, asking: Writes, services: Use, _: OneByOne) -> UserShown:
    """Change a user; a new password, role or agent signs her out everywhere."""
    before = await _user(services, username)
    user = User(
        username,
        wanted.role or before.role,
        wanted.title or before.title,
        before.agent if wanted.agent is None else wanted.agent,
        before.language if wanted.language is None else wanted.language,
    )
    _check(services, user, wanted.password)
    await services.register.save(user, wanted.password, asking.user.username)
    return _shown(user)


@router.delete("/users/{username}", status_code=204)
async def remove_user(username: str, asking: Writes, services: Use, _: OneByOne) -> None:
    """Remove a user with her sessions and tokens."""
    await _user(services, username)
    await services.register.remove(username, asking.user.username)


@router.get("/tokens")
async def list_tokens(asking: HandsOut, services: Use) -> Tokens:
    """API tokens: mine, and everybody's for who may write users."""
    whose = None if asking.may(Permission.USERS_WRITE) else asking.user.username
    async with services.engine.connect() as store:
        return Tokens(items=[TokenShown(**_token(each)) for each in await users.all_tokens(store, whose)])


@router.post("/tokens", status_code=201)
async def make_token(wanted: NewToken, asking: HandsOut, services: Use) -> TokenGiven:
    """Make an API token with some of my permissions; its secret is shown this once."""
    if beyond := set(wanted.scopes) - asking.permissions:
        raise Problem(403, "not_allowed", f"You have not got the permission {' or '.join(sorted(beyond))} to give.")
    if wanted.expires_at and (wanted.expires_at.tzinfo is None or wanted.expires_at <= services.clock.now()):
        raise Problem(422, "invalid", "expires_at must lie in the future and name its time zone.")
    if asking.ends and (wanted.expires_at is None or wanted.expires_at > asking.ends):
        raise Problem(403, "not_allowed", f"A token ends no later than the one that makes it: {asking.ends}.")
    secret, token = await services.register.make_token(
        asking.user.username, wanted.name, frozenset(wanted.scopes), wanted.expires_at
    )
    return TokenGiven(**_token(token), token=secret)


@router.delete("/tokens/{id}", status_code=204)
async def revoke_token(id: str, asking: HandsOut, services: Use) -> None:
    """Revoke an API token."""
    whose = None if asking.may(Permission.USERS_WRITE) else asking.user.username
    async with services.engine.connect() as store:
        if id not in {each.id for each in await users.all_tokens(store, whose)}:
            raise not_found("token")
    await services.register.revoke_token(id, asking.user.username)


async def _user(services: Services, username: str) -> User:
    async with services.engine.connect() as store:
        if (user := await users.find_user(store, username)) is None:
            raise not_found("user")
        return user


def _check(services: Services, user: User, password: str | None) -> None:
    if user.agent and user.agent not in services.center().agents:
        raise Problem(422, "invalid", f"There is no agent {user.agent} in this center.")
    if password is not None and (trouble := passwords.trouble(password, user.username)):
        raise Problem(422, "weak_password", f"The password {trouble}.")


def _shown(user: User) -> UserShown:
    return UserShown(
        username=user.username,
        title=user.title,
        role=user.role,
        agent=user.agent or None,
        language=user.language or None,
    )


def _token(token: Token) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "username": token.username,
        "scopes": sorted(token.scopes),
        "made_at": _moment(token.made_at),
        "expires_at": _moment(token.expires_at),
    }


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
