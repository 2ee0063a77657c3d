"""Who asks, and whether she may. Every route has an `Allow`; a test fails where one is missing."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from bridge.api.limits import ANY, CHANGES
from bridge.api.problems import Problem
from bridge.api.services import Services, Use
from bridge.people import sessions, users
from bridge.people.roles import Permission
from bridge.people.secret import digest
from bridge.people.users import User

COOKIE: Final = "throughline_session"
CSRF_HEADER: Final = "x-csrf-token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who is known; `let_in_by` is the id of her session or token, `csrf` is empty for a token.

    `ends` is when her token does, if ever."""

    user: User
    permissions: frozenset[Permission]
    let_in_by: str
    csrf: str = ""
    ends: datetime | None = None

    def may(self, permission: Permission) -> bool:
        """Whether she has a permission."""
        return permission in self.permissions

    @property
    def sees_all(self) -> bool:
        """Whether she may see every interaction, and not only those in which she took part as an agent."""
        return self.may(Permission.INTERACTIONS_READ)


async def identified(connection: HTTPConnection, services: Services) -> Asking | None:
    """Who asks, by a bearer token (RFC 6750) or by the cookie of a session; None when that is nobody we know."""
    scheme, _, credentials = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await _by_token(credentials.strip(), services)
    if secret := connection.cookies.get(COOKIE):
        return await _by_session(secret, services)
    return None


async def _by_token(secret: str, services: Services) -> Asking | None:
    async with services.engine.connect() as store:
        token = await users.find_token(store, digest(secret))
        user = await users.find_user(store, token.username) if token else None
    if token is None or user is None or (token.ends and token.ends <= services.clock.now()):
        return None
    return Asking(user, token.scopes & user.permissions, token.id, ends=token.ends)


async def _by_session(secret: str, services: Services) -> Asking | None:
    async with services.engine.begin() as store:
        session = await sessions.find(store, secret, services.clock.now())
        user = await users.find_user(store, session.username) if session else None
    return Asking(user, user.permissions, session.id, session.csrf) if session and user else None


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks from one of our own pages; others than browsers send no Origin (RFC 6454)."""
    if (origin := headers.get("origin")) is None:
        return True
    try:
        place = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(place) and place == headers.get("host")


class Allow:
    """A dependency that lets in who has one of some permissions; none named: whoever is signed in."""

    def __init__(self, *permissions: Permission) -> None:
        self.permissions = permissions

    async def __call__(self, request: Request, services: Use) -> Asking:
        """Raises Problem: 401 for nobody we know, 403 for somebody who may not, 429 for asking too often."""
        asking = await identified(request, services)
        if asking is None:
            raise Problem(401, "not_signed_in", "Sign in, or send a good token.", {"WWW-Authenticate": "Bearer"})
        services.limits.count(ANY, asking.let_in_by)
        if request.method not in SAFE:
            services.limits.count(CHANGES, "changes", asking.let_in_by)
            _refuse_forged(request, asking)
        if self.permissions and not asking.permissions.intersection(self.permissions):
            raise Problem(403, "not_allowed", f"That needs the permission {' or '.join(self.permissions)}.")
        return asking


class AllowBrowser(Allow):
    """A dependency that lets in whoever is signed in with a browser: a token's scopes say nothing of sessions."""

    async def __call__(self, request: Request, services: Use) -> Asking:
        """Raises Problem as Allow does, and 403 for a token."""
        asking = await super().__call__(request, services)
        if not asking.csrf:
            raise Problem(403, "not_allowed", "That needs a browser that is signed in.")
        return asking


class AllowAnybody:
    """A dependency that says: this route is for those, too, who have not signed in."""

    async def __call__(self) -> None:
        """Lets in."""


def _refuse_forged(request: Request, asking: Asking) -> None:
    """Cross-site request forgery: a browser sends cookies along whoever asked it to (OWASP)."""
    shown = request.headers.get(CSRF_HEADER, "")
    if asking.csrf and not (hmac.compare_digest(shown.encode(), asking.csrf.encode()) and same_origin(request.headers)):
        raise Problem(403, "forged", "Changes need the X-CSRF-Token of the session, from our own pages.")


SignedIn = Annotated[Asking, Depends(Allow())]
InBrowser = Annotated[Asking, Depends(AllowBrowser())]
