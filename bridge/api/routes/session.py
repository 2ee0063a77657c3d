"""Signing in and out, and the first administrator's invitation."""

from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from bridge.api.asking import COOKIE, AllowAnybody, Asking, InBrowser, SignedIn, same_origin
from bridge.api.limits import SIGN_IN, SIGN_IN_OF_ONE_ADDRESS, SIGN_IN_OF_ONE_USER
from bridge.api.problems import Problem, not_found
from bridge.api.services import Services, Use
from bridge.api.shapes import Acceptance, Credentials, Me, Sessions, SessionShown
from bridge.people import passwords, sessions, users
from bridge.people.roles import Role
from bridge.people.users import User

router = APIRouter(tags=["session"])

Anybody: Final = [Depends(AllowAnybody())]


@router.post("/session", dependencies=Anybody)
async def sign_in(wanted: Credentials, request: Request, response: Response, services: Use) -> Me:
    """Sign in. The cookie of the session is for this server's pages only."""
    address = request.client.host if request.client else ""
    _count(services, address, wanted.username)
    if not same_origin(request.headers):
        raise Problem(403, "forged", "Sign in from our own page.")
    async with services.engine.connect() as store:
        user = await users.find_user(store, wanted.username)
        kept = await users.kept_password(store, wanted.username)
    if not await services.register.passwords.fits(wanted.password, kept) or user is None:
        raise _wrong()
    async with services.engine.connect() as store:
        if await users.kept_password(store, user.username) != kept:  # it was changed meanwhile, or she is gone
            raise _wrong()
    services.limits.forget(SIGN_IN, "sign-in", address, wanted.username)
    return await _begin(user, request, response, services)


@router.get("/session")
async def who_am_i(asking: SignedIn) -> Me:
    """Who is signed in."""
    return _me(asking)


@router.delete("/session", status_code=204)
async def sign_out(asking: InBrowser, response: Response, services: Use) -> None:
    """Sign out."""
    await _end(services, asking.user.username, asking.let_in_by)
    response.delete_cookie(COOKIE, path="/")


@router.get("/sessions")
async def my_sessions(asking: InBrowser, services: Use) -> Sessions:
    """All browsers in which I am signed in."""
    async with services.engine.connect() as store:
        mine = await sessions.of_user(store, asking.user.username)
    return Sessions(
        items=[
            SessionShown(
                id=each.id,
                began_at=each.began_at,
                seen_at=each.seen_at,
                address=each.where,
                browser=each.agent,
                current=each.id == asking.let_in_by,
            )
            for each in mine
        ]
    )


@router.delete("/sessions/{id}", status_code=204)
async def end_session(id: str, asking: InBrowser, services: Use) -> None:
    """Sign out another browser of mine."""
    if not await _end(services, asking.user.username, id):
        raise not_found("session of yours")


@router.post("/invitation/accept", dependencies=Anybody)
async def accept_invitation(wanted: Acceptance, request: Request, response: Response, services: Use) -> Me:
    """Become the first administrator, by the one-time link that `throughline run` has printed."""
    address = request.client.host if request.client else ""
    services.limits.count(SIGN_IN_OF_ONE_ADDRESS, "address", address)
    if not same_origin(request.headers):
        raise Problem(403, "forged", "Accept from our own page.")
    if trouble := passwords.trouble(wanted.password, wanted.username):
        raise Problem(422, "weak_password", f"The password {trouble}.")
    if not await services.register.take_invitation(wanted.token):
        raise Problem(400, "invitation_not_valid", "This link has been used, or is too old. Ask for a new one.")
    user = User(wanted.username, Role.ADMIN, wanted.title)
    await services.register.save(user, wanted.password, by="invitation")
    return await _begin(user, request, response, services)


def _wrong() -> Problem:
    return Problem(401, "wrong_credentials", "That username and password do not fit together.")


def _count(services: Services, address: str, username: str) -> None:
    services.limits.count(SIGN_IN_OF_ONE_ADDRESS, "address", address)
    services.limits.count(SIGN_IN, "sign-in", address, username)
    services.limits.count(SIGN_IN_OF_ONE_USER, "user", username)  # last: one address alone must not lock her out


async def _begin(user: User, request: Request, response: Response, services: Services) -> Me:
    now, where = services.clock.now(), request.client.host if request.client else ""
    async with services.engine.begin() as store:
        await sessions.forget_old(store, now)
        browser = request.headers.get("user-agent", "")
        secret, session = await sessions.begin(store, user.username, now, where, browser)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, secret, httponly=True, samesite="strict", secure=secure, path="/")
    return _me(Asking(user, user.permissions, session.id, session.csrf))


async def _end(services: Services, username: str, id: str) -> bool:
    async with services.engine.begin() as store:
        there = await sessions.end(store, username, id)
    if there:
        services.revocations.revoked(id)
    return there


def _me(asking: Asking) -> Me:
    user = asking.user
    return Me(
        username=user.username,
        title=user.title,
        role=user.role,
        agent=user.agent or None,
        language=user.language or None,
        permissions=sorted(asking.permissions),
        csrf_token=asking.csrf,
        session_id=asking.let_in_by,
    )
