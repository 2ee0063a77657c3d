"""Roles, and what each may do. The one table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What a route or a message asks for; also the scopes of API tokens."""

    INTERACTIONS_READ = "interactions:read"
    OWN_INTERACTIONS_READ = "interactions:read-own"
    CONTACTS_END = "contacts:end"
    OWN_CONTACTS_END = "contacts:end-own"
    QUEUES_READ = "queues:read"
    AGENTS_READ = "agents:read"
    PRESENCE_WRITE = "presence:write"
    OWN_PRESENCE_WRITE = "presence:write-own"
    EVENTS_READ = "events:read"
    CONFIGURATION_READ = "configuration:read"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    TOKENS_WRITE = "tokens:write"
    METRICS_READ = "metrics:read"


class Role(StrEnum):
    """What a user is here for."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"


_P = Permission
_WATCHES: Final = frozenset(
    {_P.INTERACTIONS_READ, _P.QUEUES_READ, _P.AGENTS_READ, _P.EVENTS_READ, _P.CONFIGURATION_READ}
)
PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.AGENT: frozenset(
        {
            _P.OWN_INTERACTIONS_READ,
            _P.OWN_CONTACTS_END,
            _P.QUEUES_READ,
            _P.AGENTS_READ,
            _P.OWN_PRESENCE_WRITE,
            _P.EVENTS_READ,
        }
    ),
    Role.SUPERVISOR: _WATCHES | {_P.CONTACTS_END, _P.PRESENCE_WRITE, _P.METRICS_READ},
    Role.ADMIN: frozenset(_P) - {_P.OWN_INTERACTIONS_READ, _P.OWN_CONTACTS_END, _P.OWN_PRESENCE_WRITE},
    Role.AUDITOR: _WATCHES | {_P.USERS_READ, _P.METRICS_READ},
    Role.INTEGRATOR: _WATCHES | {_P.CONTACTS_END, _P.PRESENCE_WRITE, _P.METRICS_READ, _P.TOKENS_WRITE},
}
