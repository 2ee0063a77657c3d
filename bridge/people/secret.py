"""Secrets that we hand out once and keep only as digests: session ids, API tokens, invitations."""

import hashlib
import secrets

BYTES = 32


def new_secret(prefix: str = "") -> tuple[str, str]:
    """A secret to hand out, and its digest to keep. It has 256 bits, so that a plain digest cannot be guessed back."""
    secret = prefix + secrets.token_urlsafe(BYTES)
    return secret, digest(secret)


def digest(secret: str) -> str:
    """What is kept of it: 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()
