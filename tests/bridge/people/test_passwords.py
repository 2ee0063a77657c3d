"""Passwords are kept as argon2id hashes, and weak ones are refused in words."""

import pytest

from bridge.people.passwords import Passwords, trouble


async def test_a_password_fits_its_hash_only_and_the_hash_does_not_show_it() -> None:
    passwords = Passwords()
    kept = await passwords.hashed("correct horse 42")
    assert kept.startswith("$argon2id$")
    assert "horse" not in kept
    assert await passwords.fits("correct horse 42", kept)
    assert not await passwords.fits("correct horse 43", kept)
    assert not await passwords.fits("correct horse 42", None)
    assert not await passwords.fits("correct horse 42", "no hash")
    assert await passwords.hashed("correct horse 42") != kept


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "must have 10 to 200 characters"),
        ("x" * 201, "must have 10 to 200 characters"),
        ("aaaaaaaaaaaa", "is too easy to guess"),
        ("i am Maria 1234", "is too easy to guess"),
        ("correct horse 42", ""),
        ("ångström på våg", ""),
    ],
)
def test_what_makes_a_password_weak_is_told(password: str, words: str) -> None:
    assert trouble(password, "maria") == words
