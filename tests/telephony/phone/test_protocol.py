"""Lines between a phone and its driver mean the same on both sides, and refuse what a phone could not do."""

from typing import get_args

import pytest
from msgspec import DecodeError

from telephony.phone import protocol
from telephony.phone.protocol import Account, AnyCommand, AnyEvent, decode_account, decode_command, decode_event, encode


def test_a_command_is_a_line_with_its_type() -> None:
    assert encode(protocol.SendDtmf(digits="1#", request=7)).startswith(b'{"type":"send_dtmf","digits":"1#"')
    assert decode_command(b'{"type": "send_dtmf", "digits": "1#", "request": 7}') == protocol.SendDtmf(
        digits="1#", request=7
    )


def test_an_event_keeps_the_time_it_was_made_at() -> None:
    earlier, later = protocol.Ringing(call=1, code=180), protocol.Ringing(call=1, code=183)
    assert decode_event(encode(earlier)) == earlier
    assert later.at >= earlier.at


@pytest.mark.parametrize("union", [AnyCommand, AnyEvent])
def test_types_are_distinct_and_in_snake_case(union: object) -> None:
    tags = [kind.__struct_config__.tag for kind in get_args(union)]
    assert len(set(tags)) == len(tags)
    assert all(tag == tag.lower() for tag in tags)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"garbage",
        b"[]",
        b'{"type": "explode"}',
        b'{"type": "dial"}',
        b'{"type": "dial", "target": ""}',
        b'{"type": "dial", "target": "1000\\n"}',
        b'{"type": "dial", "target": "1000", "headers": {"X Y": "z"}}',
        b'{"type": "dial", "target": "1000", "headers": {"X-Y": "a\\r\\nVia: b"}}',
        b'{"type": "send_dtmf", "digits": "E"}',
        b'{"type": "send_dtmf", "digits": "1", "seconds": 60}',
        b'{"type": "respond", "code": 100}',
        b'{"type": "hangup", "unknown": 1}',
    ],
)
def test_what_is_no_command_is_refused(line: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_command(line)


def test_the_request_of_a_refused_line_is_still_known() -> None:
    assert protocol.request_of(b'{"type": "explode", "request": 5}') == 5
    assert protocol.request_of(b'{"request": "5"}') is None
    assert protocol.request_of(b"garbage") is None


def test_an_account_travels_and_is_checked() -> None:
    account = Account(username="ana", password='"secret"', auto_answer=0.5, record="{call}.wav")
    assert decode_account(encode(account)) == account
    with pytest.raises(DecodeError, match="username"):
        protocol.checked(Account(username='ana" <sip:eve@host>'))
