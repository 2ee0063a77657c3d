"""How legs sounded: told at their ends, to whoever's leg it was."""

from dataclasses import replace

import pytest

from telephony.asterisk.rtcp import MOST_UNTOLD, LegQualities, told
from telephony.events import Fact, LegMoved, LegQuality
from telephony.quality import Counts

# As Asterisk 22 wrote it about a phone that lost every tenth packet and sent no reports.
STATISTICS = (
    "ssrc=909105764;themssrc=378613665;lp=50;rxjitter=0.000000;rxcount=655;txjitter=0.000125;txcount=726;rlp=0;"
    "rtt=0.000000;rxmes=0.000000;txmes=44.216140"
)
SILENT = STATISTICS.replace("rxcount=655", "rxcount=0").replace("txcount=726", "txcount=0")
COUNTS = Counts(655, 50, 0.000125, 726, 0, 0.0, 0.0)


class Sink:
    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def publish(self, fact: Fact) -> None:
        self.facts.append(fact)

    @property
    def told(self) -> list[LegQuality]:
        return [fact for fact in self.facts if isinstance(fact, LegQuality)]


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def qualities(sink: Sink) -> LegQualities:
    return LegQualities(sink)


def leg(was: str, now: str, id: str = "l") -> LegMoved:
    return LegMoved(interaction_id="i", leg_id=id, contact_id="c", party="caller", was=was, now=now)


def event(id: str = "l", statistics: str = STATISTICS) -> dict[str, str]:
    return {"UserEvent": "LegQuality", "Uniqueid": id, "Statistics": statistics}


@pytest.mark.parametrize("ended_before", [True, False])
def test_a_leg_is_told_of_whether_its_end_was_known_before_or_not(
    qualities: LegQualities, sink: Sink, ended_before: bool
) -> None:
    qualities.follow(leg("", "ringing"))
    if ended_before:
        qualities.follow(leg("up", "ended"))
    qualities.on_event("UserEvent", event())
    (quality,) = sink.told
    assert (quality.interaction_id, quality.leg_id, quality.contact_id, quality.party) == ("i", "l", "c", "caller")
    assert (quality.received, quality.sent, quality.loss, quality.jitter) == (655, 726, 0.1, 0.000125)


def test_a_leg_is_told_of_once(qualities: LegQualities, sink: Sink) -> None:
    qualities.follow(leg("", "ringing"))
    for _ in range(2):
        qualities.on_event("UserEvent", event())
    qualities.follow(leg("up", "ended"))
    qualities.on_event("UserEvent", event())
    assert len(sink.told) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ContactStatus", event()),
        ("UserEvent", event() | {"UserEvent": "SomebodyElses"}),
        ("UserEvent", event("nobody's")),
        ("UserEvent", event(statistics="")),
        ("UserEvent", event(statistics="lp=many")),
        (
            "UserEvent",
            event(statistics=SILENT),
        ),
    ],
)
def test_what_tells_nothing_is_passed_over(
    qualities: LegQualities, sink: Sink, name: str, message: dict[str, str]
) -> None:
    qualities.follow(leg("", "ringing"))
    qualities.on_event(name, message)
    assert sink.told == []


def test_legs_that_ended_without_a_word_are_not_remembered_for_ever(qualities: LegQualities, sink: Sink) -> None:
    for number in range(MOST_UNTOLD + 1):
        qualities.follow(leg("", "ringing", str(number)))
        qualities.follow(leg("ringing", "ended", str(number)))
    qualities.on_event("UserEvent", event("0"))
    qualities.on_event("UserEvent", event("1"))
    assert [quality.leg_id for quality in sink.told] == ["1"]


def test_what_asterisk_writes_is_read() -> None:
    assert told(STATISTICS) == COUNTS


def test_packets_that_came_twice_are_no_loss() -> None:
    assert told(STATISTICS.replace("lp=50", "lp=4294967290", 1)) == replace(COUNTS, lost=0)
