"""The judge of a round, given what phones might have seen: it finds each fault, and none in a round without one."""

from dataclasses import replace

import pytest

from tests.bench.chaos.judge import Judge, Window, excess, silent
from tests.bench.chaos.seen import Caller, Kept, Seen
from tests.bench.chaos.sound import Silences
from tests.fleet.call import THEM, US, VANISHED, Report
from tests.fleet.gaps import Gap

WINDOW = Window(since=100, struck=110, back=112, until=120)


def caller(number: str, placed: float = 50, ended: float | None = None, by: str = "") -> Caller:
    """Who waits since half a second after she called."""
    return Caller(number, "sales", placed, placed + 0.1, ended, by)


def ring(
    number: str, phone: str, rang: float, answered: float | None, ended: float | None = None, by: str = ""
) -> Report:
    """What an agent's phone saw."""
    made = Report(f"sales-{phone}", number, incoming=True, invited=rang)
    made.rang, made.answered, made.ended, made.ended_by, made.contact = rang, answered, ended, by, f"contact {number}"
    return made


def judge(*seen: Caller | Report, kept: Kept | None = None, window: Window = WINDOW) -> Judge:
    """Of these, with one contact a caller in the journal."""
    callers = {each.number: each for each in seen if isinstance(each, Caller)}
    known = {number: [f"contact {number}"] for number in callers}
    rings = [each for each in seen if isinstance(each, Report)]
    return Judge(Seen(callers, rings), kept or Kept(known), window)


SERVED = (caller("1", ended=115.1, by=THEM), ring("1", "a", 105, 106, 115, US))
LEFT_WAITING = (caller("2", ended=111, by=US),)
LEFT_RUNG = (caller("3", ended=111, by=US), ring("3", "b", 110, None, 111.05, THEM))
LEFT_TALK = (caller("4", ended=111, by=US), ring("4", "c", 102, 103, 111.05, THEM))
TALKS_ON = (caller("5"), ring("5", "d", 102, 103))


def test_a_round_in_which_nothing_was_wrong() -> None:
    assert judge(*SERVED, *LEFT_WAITING, *LEFT_RUNG, *LEFT_TALK, *TALKS_ON).of_a_strike() == {}


@pytest.mark.parametrize(
    ("seen", "fault"),
    [
        ((caller("1", ended=111, by=THEM),), "caller cut off"),
        ((caller("1", ended=111, by=THEM), ring("1", "a", 105, 106, 111, THEM)), "agent cut off"),
        ((caller("1"), ring("1", "a", 105, 106, 111, THEM)), "agent cut off"),
        ((caller("1"), ring("1", "a", 109, None, 111, THEM)), "ring taken back"),
        ((caller("1"), ring("1", "a", 105, 106, 111, US)), "left behind"),
        ((caller("1", ended=111, by=US), ring("1", "a", 105, 106)), "phone busy for nobody"),
        ((caller("1", ended=111, by=US), ring("1", "a", 105, None)), "phone busy for nobody"),
        ((caller("1"), ring("1", "a", 105, 106), ring("1", "b", 112, 113)), "answered twice"),
        ((caller("1"), ring("1", "a", 105, None), ring("1", "b", 106, None)), "rung at two phones"),
        ((caller("1", 60), caller("2", 61), ring("2", "a", 113, 114)), "overtaken"),
    ],
)
def test_each_fault_is_found(seen: tuple[Caller | Report, ...], fault: str) -> None:
    assert fault in judge(*seen).of_a_strike()


def test_a_fault_before_the_round_is_not_found_in_it() -> None:
    assert judge(caller("1", ended=99, by=THEM)).of_a_strike() == {}


def test_who_is_not_kept_or_kept_twice_is_found() -> None:
    assert judge(caller("1"), kept=Kept()).of_a_strike() == {"unknown to the center": ["1"]}
    assert judge(caller("1"), kept=Kept({"1": ["one", "two"]})).of_a_strike() == {"two contacts": ["1"]}
    assert judge(*TALKS_ON, kept=Kept({"5": ["other"]})).of_a_strike() == {"another contact": ["5"]}


def test_an_offer_under_way_overtakes_nobody() -> None:
    under_way = ring("1", "b", 113.3, 115)
    assert judge(caller("1", 60), caller("2", 61), ring("2", "a", 113, 114), under_way).of_a_strike() == {}


def test_who_came_while_nobody_was_in_control_may_be_a_second_late_but_not_more() -> None:
    second, served = replace(caller("2", 111), answered=112), ring("2", "a", 115, 116)
    for taken_up, found in ((111.2, True), (112.9, False), (113.9, True)):
        first = replace(caller("1", 108), answered=taken_up)
        assert ("overtaken" in judge(first, second, served).of_a_strike()) == found


def test_whoever_asterisk_cut_off_is_kept_as_that() -> None:
    gone = (caller("1", ended=110, by=VANISHED), caller("2", ended=111, by=VANISHED), caller("3", ended=105, by=THEM))
    contacts = {number: [f"contact {number}"] for number in "123"}
    judged = judge(*gone, kept=Kept(contacts, {"contact 2"}), window=replace(WINDOW, struck=109.9))
    assert judged.of_the_end_of_asterisk() == {"cut off and not kept": ["1"]}


def test_a_silence_is_ours_alone_when_the_control_had_none_then() -> None:
    ours, same, before = Gap(110, 110.2), Gap(110.005, 110.19), Gap(107, 107.2)
    assert [*silent(Silences([("talk", ours)], []))] == ["talk 200 ms"]
    assert [*silent(Silences([("talk", ours)], [("control", before)]))] == ["talk 200 ms"]
    assert [*silent(Silences([("talk", ours)], [("control", same)]))] == []
    assert [*silent(Silences([("talk", Gap(110, 110.045))], []))] == []
    assert excess(ours, [same]) == pytest.approx(0.015)
