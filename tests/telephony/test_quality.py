"""How a leg sounded, from the counts of RTCP."""

import pytest
from hypothesis import given
from hypothesis.strategies import floats

from telephony.quality import POOR, Counts, judge, mos

CLEAN = Counts(received=3000, lost=0, jitter=0.001, sent=3000, lost_there=0, jitter_there=0.0, round_trip=0.0)
SHARES = floats(0, 1)
SECONDS = floats(0, 5)


@pytest.mark.parametrize(
    ("loss", "delay", "score"),
    [
        (0.0, 0.0, 4.41),  # G.107: R = 93.2 with all defaults
        (0.0, 0.15, 4.34),
        (0.01, 0.05, 4.29),
        (0.05, 0.05, 3.87),
        (0.10, 0.05, 3.3),
        (0.0, 0.4, 3.05),
        (1.0, 0.0, 1.12),
    ],
)
def test_the_score_follows_loss_and_delay(loss: float, delay: float, score: float) -> None:
    assert mos(loss, delay) == pytest.approx(score, abs=0.06)


@given(SHARES, SHARES, SECONDS, SECONDS)
def test_more_loss_or_delay_is_never_better(loss: float, more: float, delay: float, later: float) -> None:
    assert 1 <= mos(max(loss, more), max(delay, later)) <= mos(min(loss, more), min(delay, later)) <= 4.5


def test_loss_is_a_share_of_what_had_been_due_when_it_was_reckoned() -> None:
    """Every tenth packet, 14 seconds of sound, reckoned after ten of them."""
    quality = judge(Counts(655, 50, 0.0, 726, 0, 0.0, 0.0))
    assert quality.loss == 0.1
    assert quality.mos is not None
    assert quality.mos < POOR


def test_a_leg_too_short_for_a_reckoning_has_no_loss_and_no_score() -> None:
    quality = judge(Counts(106, 0, 0.0, 117, 0, 0.0, 0.0))
    assert (quality.received, quality.sent, quality.loss, quality.mos) == (106, 117, None, None)


def test_what_the_phone_does_not_report_is_unknown() -> None:
    quality = judge(CLEAN)
    assert (quality.loss, quality.loss_there, quality.jitter_there, quality.round_trip) == (0.0, None, None, None)


def test_the_worse_direction_counts() -> None:
    heard_badly = Counts(3000, 0, 0.001, 3000, 600, 0.002, 0.08)
    quality = judge(heard_badly)
    assert (quality.loss, quality.loss_there, quality.round_trip) == (0.0, 0.2, 0.08)
    assert quality.mos is not None
    assert quality.mos < 3 < (judge(CLEAN).mos or 0)


def test_more_losses_than_packets_are_all_of_them() -> None:
    assert judge(Counts(100, 9000, 0.0, 0, 0, 0.0, 0.0)).loss == pytest.approx(9000 / 9000, abs=0.02)
