"""Identifiers: UUID version 7 (RFC 9562), so that ids sort by the time they were made."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import uuid_utils


def new_id() -> str:
    """A fresh UUIDv7 in its usual text form, 36 characters."""
    return str(uuid_utils.uuid7())


def id_of(at: datetime, seed: str) -> str:
    """The UUIDv7 of something that happened then: the same for the same seed, whenever it is asked for."""
    digest = int.from_bytes(sha256(seed.encode()).digest()[:10])
    bits = (int(at.timestamp() * 1000) & (1 << 48) - 1) << 80 | digest
    version, variant = 7 << 76, 2 << 62
    return str(UUID(int=bits & ~(15 << 76) & ~(3 << 62) | version | variant))
