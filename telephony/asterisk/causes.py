"""Asterisk's hang-up causes (Q.850) and SIP statuses in our words."""

from typing import Final

from telephony.leg import LegEnd

NORMAL: Final = 16
NO_ANSWER: Final = 19
ANSWERED_ELSEWHERE: Final = 26
FAILURE: Final = 38

_BY_CAUSE: Final = {
    0: LegEnd.NORMAL,
    NORMAL: LegEnd.NORMAL,
    17: LegEnd.BUSY,
    18: LegEnd.UNREACHABLE,
    NO_ANSWER: LegEnd.NO_ANSWER,
    20: LegEnd.UNREACHABLE,
    21: LegEnd.DECLINED,
    ANSWERED_ELSEWHERE: LegEnd.NORMAL,
    27: LegEnd.UNREACHABLE,
    3: LegEnd.UNREACHABLE,
    44: LegEnd.LOST,
}
_BY_STATUS: Final = {
    404: LegEnd.UNREACHABLE,
    408: LegEnd.UNREACHABLE,
    480: LegEnd.NO_ANSWER,
    486: LegEnd.BUSY,
    600: LegEnd.BUSY,
    603: LegEnd.DECLINED,
}


def translate(cause: int, sip_status: int) -> LegEnd:
    """Why a leg ended; the SIP status knows better where there is one."""
    return _BY_STATUS.get(sip_status) or _BY_CAUSE.get(cause, LegEnd.FAILED)
