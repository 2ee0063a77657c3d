"""Messages as they come from and go to a server, and the answer to its challenge."""

import re

from tests.fleet import digest, sdp
from tests.fleet.message import Message, parameter, uri, user

INVITE = (
    b"INVITE sip:ana@127.0.0.1:5062 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bKabc\r\n"
    b'From: "Eve" <sip:0700@127.0.0.1>;tag=1\r\nTo: <sip:ana@127.0.0.1>\r\nContact: <sip:asterisk@127.0.0.1:5060>\r\n'
    b"CSeq: 17 INVITE\r\nX-Interaction-Id: 42\r\nContent-Length: 3\r\n\r\nv=0"
)
CHALLENGE = 'Digest realm="testrealm@host.com", nonce="dcd98b", opaque="5ccc06", algorithm=MD5, qop="auth"'


def test_a_request_is_read() -> None:
    message = Message.read(INVITE)
    assert (message.method, message.number, message.status) == ("INVITE", 17, 0)
    assert (message.branch, message.target) == ("z9hG4bKabc", "sip:asterisk@127.0.0.1:5060")
    assert (message.get("x-interaction-id"), message.body) == ("42", "v=0")


def test_what_is_written_is_read_again() -> None:
    message = Message("SIP/2.0 486 Busy Here", [("CSeq", "1 INVITE")], "grüß")
    again = Message.read(bytes(message))
    assert (again.status, again.method, again.body) == (486, "INVITE", "grüß")
    assert again.get("Content-Length") == "6"


def test_parts_of_a_header() -> None:
    header = '"Eve" <sip:0700@127.0.0.1:5060>;tag=1'
    assert (uri(header), user(header), parameter(header, "tag")) == ("sip:0700@127.0.0.1:5060", "0700", "1")


def test_a_challenge_is_answered_with_all_that_was_asked() -> None:
    said = digest.answer(CHALLENGE, "ana", "secret", "REGISTER", "sip:127.0.0.1")
    parts = dict(re.findall(r'(\w+)="?([^",]+)', said.removeprefix("Digest ")))
    assert parts["username"] == "ana"
    assert (parts["realm"], parts["nonce"], parts["opaque"]) == ("testrealm@host.com", "dcd98b", "5ccc06")
    assert (parts["qop"], parts["nc"], len(parts["response"])) == ("auth", "00000001", 32)


def test_the_answer_without_qop_is_that_of_rfc_2069() -> None:
    challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    said = digest.answer(challenge, "Mufasa", "Circle Of Life", "GET", "/dir/index.html")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in said


def test_media_are_read_as_they_are_written() -> None:
    assert sdp.read(sdp.written(("127.0.0.1", 4000))) == sdp.Media(("127.0.0.1", 4000), sdp.KEYS)
    assert sdp.read("") is None
