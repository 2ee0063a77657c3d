"""How a leg sounded: from the counts of RTCP to shares of loss and an estimate of people's opinion. Pure.

The estimate is the E-model (ITU-T G.107) with its defaults, reduced to what an operator of VoIP sees: delay as in Cole
and Rosenbluth, "Voice over IP performance monitoring" (2001), loss as for G.711 with concealment (ITU-T G.113, Appendix
I: Ie = 0, Bpl = 25.1), and from the rating to a mean opinion score (MOS, 1 to 4.5) as in G.107, Annex B.
"""

from dataclasses import dataclass
from typing import Final

POOR: Final = 3.6
"""Below this score many people are dissatisfied (G.107, Annex B)."""

PACKET: Final = 0.02
RECKONED_EVERY: Final = 5.0
_BEST: Final = 93.2
_CONCEALED: Final = 25.1
_NOTICED: Final = 0.1773


@dataclass(frozen=True, slots=True)
class Counts:
    """What RTCP tells of one leg: packets, and seconds. `there` is what its phone reports of our packets; all three of
    `lost_there`, `jitter_there` and `round_trip` are 0 where it reports nothing.

    `lost` was reckoned when the last whole five seconds of sound were over."""

    received: int
    lost: int
    jitter: float
    sent: int
    lost_there: int
    jitter_there: float
    round_trip: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How a leg sounded. Losses are shares of 1, times are in seconds, None is unknown; `there` is at its phone. `mos`
    is that of the worse direction."""

    received: int
    sent: int
    loss: float | None
    jitter: float
    loss_there: float | None
    jitter_there: float | None
    round_trip: float | None
    mos: float | None


def judge(counts: Counts) -> Quality:
    """What the counts of a leg come to; loss is unknown before five seconds of sound are over."""
    reports = bool(counts.round_trip or counts.jitter_there or counts.lost_there)
    loss, there = _loss(counts), _share(counts.lost_there, counts.sent) if reports else None
    delay = PACKET + counts.round_trip / 2
    scores = [
        mos(share, delay + 2 * jitter)
        for share, jitter in ((loss, counts.jitter), (there, counts.jitter_there))
        if share is not None
    ]
    return Quality(
        received=counts.received,
        sent=counts.sent,
        loss=loss,
        jitter=counts.jitter,
        loss_there=there,
        jitter_there=counts.jitter_there if reports else None,
        round_trip=counts.round_trip or None,
        mos=min(scores, default=None),
    )


def mos(loss: float, delay: float) -> float:
    """The score that people would give, by the share of packets lost and the seconds from mouth to ear."""
    late = 24 * delay + 110 * max(0.0, delay - _NOTICED)
    gaps = 95 * 100 * loss / (100 * loss + _CONCEALED)
    rating = min(100.0, max(0.0, _BEST - late - gaps))
    return round(max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6), 2)


def _loss(counts: Counts) -> float | None:
    """The share of what had been due when losses were reckoned last."""
    seconds = (counts.received + counts.lost) * PACKET
    reckoned = seconds // RECKONED_EVERY * RECKONED_EVERY
    return _share(counts.lost, round(reckoned / PACKET)) if reckoned else None


def _share(lost: int, of: int) -> float | None:
    return round(min(1.0, lost / of), 4) if of else None
