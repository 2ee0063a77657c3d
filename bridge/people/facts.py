"""What happens to users and API tokens; kept like all facts, so that a store that is lost gets them back."""

from typing import ClassVar

from telephony.events import Fact


class UserSaved(Fact, frozen=True, kw_only=True):
    """A user was added or changed; `password` is a hash, `agent` the login of the agent that she is.

    `signs_out`: her sessions end with it."""

    contents: ClassVar[tuple[str, ...]] = ("title", "password")
    username: str
    role: str
    title: str
    password: str
    agent: str = ""
    language: str = ""
    by: str = ""
    signs_out: bool = False


class UserRemoved(Fact, frozen=True, kw_only=True):
    """A user may not come in any more."""

    username: str
    by: str = ""


class TokenMade(Fact, frozen=True, kw_only=True):
    """An API token was given out; kept is its digest. `expires_at` is ISO 8601, empty for never."""

    contents: ClassVar[tuple[str, ...]] = ("digest",)
    token_id: str
    name: str
    username: str
    scopes: tuple[str, ...]
    digest: str
    expires_at: str = ""


class TokenRevoked(Fact, frozen=True, kw_only=True):
    """An API token is good for nothing any more."""

    token_id: str
    by: str = ""
