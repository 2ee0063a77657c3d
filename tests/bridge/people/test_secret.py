"""Secrets are handed out once, and kept only as digests."""

from bridge.people.secret import digest, new_secret


def test_a_secret_is_long_and_new_each_time_and_its_digest_tells_nothing_of_it() -> None:
    (one, kept), (other, _) = new_secret("tl_"), new_secret("tl_")
    assert one != other
    assert one.startswith("tl_")
    assert len(one) > 40
    assert (len(kept), kept) == (64, digest(one))
    assert one not in kept
