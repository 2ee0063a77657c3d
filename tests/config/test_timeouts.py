"""One table says after how long a vanished phone is noticed, and everything that is rendered follows it."""

from config.timeouts import LIMITS, Part, options


def test_each_option_of_an_object_stands_in_the_table_once_and_with_its_reason() -> None:
    assert len({(limit.part, limit.option) for limit in LIMITS}) == len(LIMITS)
    assert all(limit.because for limit in LIMITS)


def test_a_caller_may_be_silent_and_an_agents_phone_may_not() -> None:
    assert options(Part.DOOR)["rtp_timeout"] == "0"
    assert 0 < int(options(Part.AGENT)["rtp_timeout"]) < int(options(Part.AGENT)["rtp_timeout_hold"])


def test_session_timers_are_as_short_as_rfc_4028_allows() -> None:
    assert (options(Part.DOOR)["timers"], options(Part.DOOR)["timers_sess_expires"]) == ("yes", "90")
