"""How often somebody may ask."""

import pytest
from limits import parse

from bridge.api.limits import Limits
from bridge.api.problems import Problem
from telephony.clock import SystemClock


def test_one_too_many_is_refused_with_the_time_to_wait_and_others_are_not() -> None:
    limits, limit = Limits(SystemClock()), parse("2/minute")
    limits.count(limit, "maria")
    limits.count(limit, "maria")
    with pytest.raises(Problem) as refused:
        limits.count(limit, "maria")
    assert refused.value.status == 429
    assert refused.value.headers
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    limits.count(limit, "rita")


def test_who_is_forgotten_begins_anew() -> None:
    limits, limit = Limits(SystemClock()), parse("1/minute")
    for _ in range(3):
        limits.count(limit, "sign-in", "maria")
        limits.forget(limit, "sign-in", "maria")
