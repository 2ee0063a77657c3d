"""Why a leg ended, from numbers of two worlds."""

import pytest

from telephony.asterisk.causes import translate
from telephony.leg import LegEnd


@pytest.mark.parametrize(
    ("cause", "sip", "meaning"),
    [
        (16, 0, LegEnd.NORMAL),
        (17, 486, LegEnd.BUSY),
        (21, 603, LegEnd.DECLINED),
        (19, 480, LegEnd.NO_ANSWER),
        (19, 0, LegEnd.NO_ANSWER),
        (20, 404, LegEnd.UNREACHABLE),
        (3, 0, LegEnd.UNREACHABLE),
        (16, 603, LegEnd.DECLINED),
        (44, 0, LegEnd.LOST),
        (127, 0, LegEnd.FAILED),
    ],
)
def test_a_cause_has_a_meaning_and_the_sip_status_knows_better(cause: int, sip: int, meaning: LegEnd) -> None:
    assert translate(cause, sip) is meaning
