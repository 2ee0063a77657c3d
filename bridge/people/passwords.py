"""Passwords: argon2id with the library's parameters (RFC 9106, 4, second choice), on a thread, few at once."""

import asyncio
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
LONGEST: Final = 200
AT_ONCE: Final = 2

_hasher = PasswordHasher()


class Passwords:
    """Hashes and verifies; each takes some 50 ms of a processor, so that few are done at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turn:
            return await asyncio.to_thread(_hasher.hash, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is the one. It takes as long where there is none: nobody learns who has an account."""
        async with self._turn:
            return await asyncio.to_thread(_fits, password, kept or _nobodys()) and kept is not None


def trouble(password: str, username: str) -> str:
    """Why a password may not be chosen, in words; empty when it may (NIST SP 800-63B: length counts)."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} characters"
    if username.lower() in password.lower() or len(set(password)) < 5:
        return "is too easy to guess"
    return ""


def _fits(password: str, kept: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
