"""Identifiers: UUID version 7 (RFC 9562), so that ids sort by the time they were made."""

import uuid_utils


def new_id() -> str:
    """A fresh UUIDv7 in its usual text form, 36 characters."""
    return str(uuid_utils.uuid7())
