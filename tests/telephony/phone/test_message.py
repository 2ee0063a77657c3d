"""Headers and names are read from an INVITE as other makes of phone and server write them."""

import pytest

from telephony.phone.message import headers, party, readable

INVITE = (
    "INVITE sip:ana@127.0.0.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP one\r\n"
    "Via: SIP/2.0/UDP two\r\n"
    'From: "Ann" <sip:+491@host>;tag=1\r\n'
    "X-Interaction-Id:  42 \r\n"
    "X-Folded: a\r\n"
    "\tb\r\n"
    "\r\n"
    "X-Body: no header\r\n"
)


def test_headers_end_with_the_body_and_are_unfolded() -> None:
    found = headers(INVITE)
    assert found["X-Interaction-Id"] == "42"
    assert found["X-Folded"] == "a b"
    assert "X-Body" not in found


def test_a_header_that_comes_twice_is_joined() -> None:
    assert headers(INVITE)["Via"] == "SIP/2.0/UDP one, SIP/2.0/UDP two"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Ann" <sip:+491@host>;tag=1', ("Ann", "+491")),
        ("<sip:1000@host;user=phone>", ("", "1000")),
        ("sip:1000@host;tag=2", ("", "1000")),
        ("Ann Lee <sips:ann@host>", ("Ann Lee", "ann")),
        (r'"Ann \"A\" Lee" <sip:1@host>', ('Ann "A" Lee', "1")),
        ("<sip:host>", ("", "host")),
        ("nonsense", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_from_header_is_a_name_and_a_number(value: str, expected: tuple[str, str]) -> None:
    assert party(value) == expected


def test_bytes_that_are_no_text_become_readable() -> None:
    assert readable(b"J\xf6rg".decode("utf-8", "surrogateescape")) == "J�rg"
