"""Moments without sound."""

from tests.fleet.gaps import Gap, Gaps


def test_only_what_is_longer_than_a_packet_and_a_half_is_a_gap() -> None:
    heard = Gaps()
    for at in (1.0, 1.02, 1.045, 1.2, 1.22):
        heard.sound(at)
    assert heard.until(1.24) == [Gap(1.045, 1.2)]
    assert heard.until(1.3) == [Gap(1.045, 1.2), Gap(1.22, 1.3)]


def test_before_the_first_sound_there_is_no_gap() -> None:
    assert Gaps().until(5.0) == []
