"""Judges one round by what phones saw: who was lost, doubled or overtaken, and which silence was of our making."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from tests.bench.chaos.seen import Caller, Kept, Seen
from tests.bench.chaos.sound import Silences
from tests.fleet.call import THEM, US, Report
from tests.fleet.gaps import SHORTEST, Gap

MEANWHILE: Final = 0.3
AT_ONCE: Final = 0.5
GRAIN: Final = 0.2
TRIED_AGAIN: Final = 1.2
CLEAR_WITHIN: Final = 5.0
AUDIBLE: Final = 0.04
PACKET: Final = 0.02
SAME_MOMENT: Final = 1.0

LOST: Final = (
    "caller cut off",
    "agent cut off",
    "ring taken back",
    "left behind",
    "unknown to the center",
    "cut off and not kept",
)
DOUBLED: Final = ("answered twice", "rung at two phones", "two contacts", "another contact")
ORDER: Final = ("overtaken",)
NOBODY: Final = ("phone busy for nobody",)


@dataclass(frozen=True, slots=True)
class Window:
    """The time judged: from its beginning, with the strike in it, until now; `back` is None where it did not come."""

    since: float
    struck: float
    back: float | None
    until: float


@dataclass(frozen=True, slots=True)
class Judge:
    """Holds what was seen and kept against each other."""

    seen: Seen
    kept: Kept
    window: Window

    def of_a_strike(self) -> dict[str, list[str]]:
        """What must not be after a strike at anything but Asterisk."""
        return _told(
            {
                "caller cut off": self._cut_callers(),
                "agent cut off": self._cut_agents(),
                "ring taken back": self._rings_taken_back(),
                "left behind": self._left_behind(),
                "unknown to the center": self._unknown(),
                "overtaken": self._overtaken(),
                "phone busy for nobody": self._for_nobody(),
                **self._doubled(),
            }
        )

    def of_the_end_of_asterisk(self) -> dict[str, list[str]]:
        """What must not be after Asterisk was killed: that it cut calls off is no fault, if that is kept."""
        up = (each for each in self.seen.callers.values() if each.answered and each.up_at(self.window.struck))
        cut = (each.number for each in up if not self.kept.cut_off.intersection(self._contacts(each.number)))
        return _told({"cut off and not kept": cut, **self._doubled()})

    def _doubled(self) -> Mapping[str, Iterable[str]]:
        return {
            "answered twice": self._answered_twice(),
            "rung at two phones": self._rung_twice(),
            "two contacts": (n for n in self.seen.callers if len(self._contacts(n)) > 1),
            "another contact": self._another_contact(),
        }

    def _contacts(self, number: str) -> list[str]:
        return self.kept.contacts.get(number, [])

    def _within(self, moment: float | None) -> bool:
        return moment is not None and self.window.since <= moment < self.window.until

    def _served(self, caller: Caller, before: float) -> bool:
        """Whether her agent had hung up."""
        return any(
            ring.answered and ring.ended_by == US and (ring.ended or 0) <= before + GRAIN
            for ring in self._rings_for(caller.number)
        )

    def _rings_for(self, number: str) -> list[Report]:
        return [ring for ring in self.seen.rings if ring.caller == number]

    def _cut_callers(self) -> Iterator[str]:
        for caller in self.seen.callers.values():
            if caller.ended_by == THEM and self._within(caller.ended) and not self._served(caller, caller.ended or 0):
                yield caller.number

    def _ended_rings(self) -> Iterator[tuple[Report, Caller]]:
        """Rings and talks that were ended by the other side, though the caller had not left."""
        for ring in self.seen.rings:
            caller = self.seen.callers.get(ring.caller)
            if caller is None or ring.ended_by != THEM or not self._within(ring.ended):
                continue
            if caller.left is None or caller.left > (ring.ended or 0) + GRAIN:
                yield ring, caller

    def _cut_agents(self) -> Iterator[str]:
        return (caller.number for ring, caller in self._ended_rings() if ring.answered)

    def _rings_taken_back(self) -> Iterator[str]:
        return (caller.number for ring, caller in self._ended_rings() if not ring.answered)

    def _overdue(self, moment: float | None) -> bool:
        """Whether so long ago, with somebody in control, that it should have had its effect."""
        return (
            moment is not None
            and self.window.back is not None
            and max(moment, self.window.back) + CLEAR_WITHIN < self.window.until
        )

    def _left_behind(self) -> Iterator[str]:
        """Her agent hung up, and she is still in the call."""
        for ring in self.seen.rings:
            caller = self.seen.callers.get(ring.caller)
            if caller and caller.ended is None and ring.answered and ring.ended_by == US and self._overdue(ring.ended):
                yield caller.number

    def _for_nobody(self) -> Iterator[str]:
        """An agent's phone rings or talks, and its caller has gone."""
        for ring in self.seen.rings:
            caller = self.seen.callers.get(ring.caller)
            if ring.ended is None and caller and self._overdue(caller.ended):
                yield caller.number

    def _unknown(self) -> Iterator[str]:
        for caller in self.seen.callers.values():
            if caller.ended is None and self._overdue(caller.answered) and not self._contacts(caller.number):
                yield caller.number

    def _answered_twice(self) -> Iterator[str]:
        answered = [ring.caller for ring in self.seen.rings if ring.answered]
        return (number for number in answered if answered.count(number) > 1)

    def _rung_twice(self) -> Iterator[str]:
        for number in {ring.caller for ring in self.seen.rings}:
            for one, other in combinations(self._rings_for(number), 2):
                if _overlap(_span(one, self.window.until), _span(other, self.window.until)) > MEANWHILE:
                    yield number

    def _another_contact(self) -> Iterator[str]:
        """An agent was told of another contact than the caller's."""
        for ring in self.seen.rings:
            known = self._contacts(ring.caller)
            if ring.contact and known and ring.contact not in known:
                yield ring.caller

    def _overtaken(self) -> Iterator[str]:
        """Somebody who came later was rung for first."""
        waiting = [each for each in self.seen.callers.values() if each.queue == "sales" and each.answered]
        for ring in self.seen.rings:
            later = self.seen.callers.get(ring.caller)
            if later and later.queue == "sales" and self._within(ring.rang) and ring is self._rings_for(ring.caller)[0]:
                yield from (each.number for each in waiting if self._passed_over(each, later, ring))

    def _passed_over(self, earlier: Caller, later: Caller, ring: Report) -> bool:
        rang = ring.rang or 0
        if earlier.placed > later.placed - GRAIN or _of_one_second(earlier, later):
            return False
        if not earlier.up_at(rang + AT_ONCE) or (earlier.answered or rang) > rang - GRAIN:
            return False
        own = [each for each in self._rings_for(earlier.number) if (each.rang or 0) < rang + AT_ONCE]
        return not any(each.ended is None or each.ended > rang - 1 or each.phone == ring.phone for each in own)


def count(found: Mapping[str, Iterable[str]], kinds: Iterable[str]) -> int:
    """How many callers had one of these faults."""
    return len({number for kind in kinds for number in found.get(kind, ())})


def silent(silences: Silences) -> Iterator[str]:
    """Gaps of ours that can be heard, and by more than a packet longer than those of the calls that are not ours."""
    for name, gap in silences.ours:
        if gap.seconds > AUDIBLE and excess(gap, [each for _, each in silences.control]) > PACKET:
            yield f"{name} {1000 * gap.seconds:.0f} ms"


def excess(gap: Gap, controls: Iterable[Gap]) -> float:
    """By how much it is longer than what a control had within the same second: a machine that is short of time takes it
    now from one call, now from another. Of a control without a gap it is only known that it had none of SHORTEST."""
    return gap.seconds - max((each.seconds for each in controls if _near(gap, each)), default=SHORTEST)


def audible(gaps: Iterable[tuple[str, Gap]]) -> int:
    """How many can be heard."""
    return sum(gap.seconds > AUDIBLE for _, gap in gaps)


def longest(gaps: Iterable[tuple[str, Gap]]) -> float:
    """In seconds."""
    return max((gap.seconds for _, gap in gaps), default=0.0)


def _near(one: Gap, other: Gap) -> bool:
    return one.since < other.until + SAME_MOMENT and other.since < one.until + SAME_MOMENT


def _of_one_second(earlier: Caller, later: Caller) -> bool:
    """Whether she was taken up after the other, by less than the second after which the dialplan tries again those who
    came while nobody was in control."""
    return 0 <= (earlier.answered or 0) - (later.answered or 0) <= TRIED_AGAIN


def _span(ring: Report, now: float) -> tuple[float, float]:
    return ring.rang or ring.invited, ring.ended or now


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def _told(found: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    each = {what: sorted(set(numbers)) for what, numbers in found.items()}
    return {what: numbers for what, numbers in each.items() if numbers}
