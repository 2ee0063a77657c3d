"""From journal entries about users and tokens to rows of the store: pure, and part of the projection."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Executable, delete, insert

from bridge.journal import Entry
from bridge.store.tables import sessions, tokens, users

Changes = list[Executable]


def _user_saved(entry: Entry) -> Changes:
    username = _text(entry.body, "username")
    values = {name: _text(entry.body, name) for name in ("role", "agent", "language")}
    values |= {name: _text(entry.contents, name) for name in ("title", "password")}
    ended = [delete(sessions).where(sessions.c.username == username)] if entry.body.get("signs_out") else []
    return [
        *ended,
        delete(users).where(users.c.username == username),
        insert(users).values(username=username, changed_at=entry.at, **values),
    ]


def _user_removed(entry: Entry) -> Changes:
    username = _text(entry.body, "username")
    return [delete(table).where(table.c.username == username) for table in (users, tokens, sessions)]


def _token_made(entry: Entry) -> Changes:
    values = {name: _text(entry.body, name) for name in ("name", "username", "expires_at")}
    scopes = [str(each) for each in entry.body["scopes"]]
    id, digest = _text(entry.body, "token_id"), _text(entry.contents, "digest")
    return [insert(tokens).values(id=id, digest=digest, scopes=scopes, made_at=entry.at, **values)]


def _token_revoked(entry: Entry) -> Changes:
    return [delete(tokens).where(tokens.c.id == _text(entry.body, "token_id"))]


def _text(values: Mapping[str, Any], name: str) -> str:
    if not isinstance(value := values[name], str):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


CHANGES: Final[Mapping[str, Callable[[Entry], Changes]]] = {
    "UserSaved": _user_saved,
    "UserRemoved": _user_removed,
    "TokenMade": _token_made,
    "TokenRevoked": _token_revoked,
}
