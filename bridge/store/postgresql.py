"""PostgreSQL as the store: what it needs besides an address."""

import json
from typing import Any, Final

from psycopg.abc import Buffer
from psycopg.types.string import StrDumper
from sqlalchemy import URL, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

# A server that has vanished is noticed, and no statement outlives its use, nor a transaction our being frozen in it
# while another controller takes over. What a URL says for itself goes before.
_DEFAULTS: Final = {
    "application_name": "throughline",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "options": "-c statement_timeout=10s -c idle_in_transaction_session_timeout=10s",
}
_POOL: Final[dict[str, Any]] = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "pool_timeout": 5}
_UNSAFE: Final = text(
    "SELECT name FROM pg_settings WHERE setting = 'off'"
    " AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
)


def connector(address: URL, hide_parameters: bool) -> AsyncEngine:
    """An engine; it connects to nothing yet."""
    engine = create_async_engine(_complete(address), hide_parameters=hide_parameters, json_serializer=_as_json, **_POOL)
    event.listen(engine.sync_engine, "connect", _prepare)
    return engine


async def unsafe_settings(connection: AsyncConnection) -> list[str]:
    """What is switched off without which a power cut takes back what was committed; nothing in other databases."""
    if connection.dialect.name != "postgresql":
        return []
    return list((await connection.execute(_UNSAFE)).scalars())


def without_nul(value: Any) -> Any:
    """The same, but that a replacement character stands for each NUL: PostgreSQL takes it neither in text nor in JSON,
    and what a customer wrote must not be refused for that."""
    match value:
        case str():
            return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        case list():
            return [without_nul(each) for each in value]
        case dict():
            return {without_nul(name): without_nul(each) for name, each in value.items()}
    return value


def _complete(address: URL) -> URL:
    given = address.query.get("options", ())
    options = (_DEFAULTS["options"], *((given,) if isinstance(given, str) else given))
    return address.set(query={**_DEFAULTS, **address.query, "options": " ".join(options)})


def _as_json(value: Any) -> str:
    return json.dumps(without_nul(value))


class _Text(StrDumper):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(without_nul(obj))


def _prepare(connection: Any, _: object) -> None:
    connection.driver_connection.adapters.register_dumper(str, _Text)
