"""Secrets, all derived from one master key that is made at the first start and never leaves the machine."""

import base64
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, repr=False)
class MasterKey:
    """The key from which every other secret follows (HMAC-SHA256 over a purpose)."""

    _key: bytes

    def derive(self, purpose: str) -> str:
        """The secret for a purpose, such as `ari` or `sip:ana:1`: 32 characters of a to z and 2 to 7."""
        digest = hmac.digest(self._key, purpose.encode(), "sha256")
        return base64.b32encode(digest).decode().lower()[:32]

    def derive_digits(self, purpose: str, count: int) -> str:
        """So many digits for a purpose, to be keyed in by a person."""
        digest = hmac.digest(self._key, purpose.encode(), "sha256")
        return f"{int.from_bytes(digest) % 10**count:0{count}}"


def master_key(file: Path) -> MasterKey:
    """The key in a file, made there (readable by its owner only) when there is none."""
    try:
        return MasterKey(bytes.fromhex(file.read_text()))
    except FileNotFoundError:
        return _make(file)


def _make(file: Path) -> MasterKey:
    key = secrets.token_bytes(32)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(key.hex())
    return MasterKey(key)
