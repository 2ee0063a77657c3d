"""What is counted from facts as they happen; a fact costs some microseconds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bridge.interaction import CONTACT_ENDS
from telephony.assignment import TRANSITIONS, AssignmentState
from telephony.clock import Clock
from telephony.contact import ContactState
from telephony.events import (
    AssignmentMoved,
    CallCutOff,
    CallerUnserved,
    ContactArrived,
    ContactMoved,
    Fact,
    IllegalMove,
    LegMoved,
    LegQuality,
)
from telephony.leg import LegState, Party
from telephony.ports import OfferResult

_WAITS: Final = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600)
_MOMENTS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1)
_SCORES: Final = (1.5, 2, 2.5, 3, 3.3, 3.6, 4, 4.2, 4.3, 4.4)
_RESULTS: Final = frozenset(OfferResult)
_OFFERS_END: Final = TRANSITIONS[AssignmentState.OFFERED]
_LEAVES_WAITING: Final = {
    ContactState.CONNECTED: "answered",
    ContactState.ABANDONED: "abandoned",
    ContactState.ARRIVED: "left",
    ContactState.PARKED: "parked",
    ContactState.CLOSED: "left",
}


@dataclass(slots=True)
class _Live:
    """A contact that is not over; `since` is when it began to wait, `answered` when its agent's phone was taken up."""

    medium: str
    served: bool = False
    queue: str = ""
    since: float | None = None
    answered: float | None = None


class Counting:
    """Counters and histograms, and of the contacts that are not over what they need."""

    def __init__(self, registry: CollectorRegistry, clock: Clock) -> None:
        self._clock = clock
        self._live: dict[str, _Live] = {}
        self._facts = Counter(
            "throughline_facts", "Facts told since the controller's start.", ("type",), registry=registry
        )
        self._arrived = Counter(
            "throughline_contacts_arrived", "Contacts that reached us.", ("medium",), registry=registry
        )
        self._active = Gauge(
            "throughline_contacts_active", "Contacts that are not over.", ("medium",), registry=registry
        )
        self._ended = Counter(
            "throughline_contacts_ended",
            "Contacts that are over: served by an agent, abandoned, or closed without an agent.",
            ("medium", "outcome"),
            registry=registry,
        )
        self._waits = Histogram(
            "throughline_queue_wait_seconds",
            "How long contacts waited in a queue, offers included, and how that ended.",
            ("queue", "outcome"),
            buckets=_WAITS,
            registry=registry,
        )
        self._offers = Counter(
            "throughline_offers", "Offers to one agent, by what became of them.", ("queue", "result"), registry=registry
        )
        self._joins = Histogram(
            "throughline_answer_to_talk_seconds",
            "From the news that an agent's phone was taken up until the contact counts as connected.",
            buckets=_MOMENTS,
            registry=registry,
        )
        self._cut_off = Counter(
            "throughline_callers_cut_off",
            "Callers whose call ended through no act of theirs, by where they were; `unserved` ones were turned away.",
            ("state",),
            registry=registry,
        )
        self._illegal = Counter(
            "throughline_illegal_moves", "Moves that a machine's table forbids.", ("concept",), registry=registry
        )
        self._scores = Histogram(
            "throughline_leg_mos",
            "How legs sounded: an estimate of opinions, from 1 to 4.5.",
            ("party",),
            buckets=_SCORES,
            registry=registry,
        )
        self._by_type: Mapping[type[Fact], Callable[[Any], None]] = {
            ContactArrived: self._contact_arrived,
            ContactMoved: self._contact_moved,
            AssignmentMoved: self._assignment_moved,
            LegMoved: self._leg_moved,
            LegQuality: self._leg_sounded,
            CallCutOff: lambda fact: self._cut_off.labels(fact.state).inc(),
            CallerUnserved: lambda _: self._cut_off.labels("unserved").inc(),
            IllegalMove: lambda fact: self._illegal.labels(fact.concept).inc(),
        }

    def follow(self, fact: Fact) -> None:
        """Takes one fact."""
        kind = type(fact)
        self._facts.labels(kind.__name__).inc()
        if count := self._by_type.get(kind):
            count(fact)

    def _contact_arrived(self, fact: ContactArrived) -> None:
        self._live[fact.contact_id] = _Live(fact.medium)
        self._arrived.labels(fact.medium).inc()
        self._active.labels(fact.medium).inc()

    def _contact_moved(self, fact: ContactMoved) -> None:
        if (live := self._live.get(fact.contact_id)) is None:
            return
        now = ContactState(fact.now)
        if now is ContactState.QUEUED and live.since is None:
            live.queue, live.since = fact.queue or "", self._clock.monotonic()
        elif outcome := _LEAVES_WAITING.get(now):
            self._waited(live, outcome)
        if now is ContactState.CONNECTED:
            self._connected(live)
        if now in CONTACT_ENDS:
            self._over(fact.contact_id, live, now)

    def _waited(self, live: _Live, outcome: str) -> None:
        if live.since is not None:
            self._waits.labels(live.queue, outcome).observe(self._clock.monotonic() - live.since)
            live.since = None

    def _connected(self, live: _Live) -> None:
        live.served = True
        if live.answered is not None:
            self._joins.observe(self._clock.monotonic() - live.answered)
            live.answered = None

    def _over(self, id: str, live: _Live, now: ContactState) -> None:
        del self._live[id]
        self._active.labels(live.medium).dec()
        self._ended.labels(live.medium, "served" if live.served else now).inc()

    def _assignment_moved(self, fact: AssignmentMoved) -> None:
        if fact.now in _OFFERS_END:
            named = fact.now == AssignmentState.REFUSED and fact.reason in _RESULTS
            self._offers.labels(fact.queue, fact.reason if named else fact.now).inc()

    def _leg_moved(self, fact: LegMoved) -> None:
        if fact.party == Party.AGENT and fact.now == LegState.UP and (live := self._live.get(fact.contact_id)):
            live.answered = self._clock.monotonic()

    def _leg_sounded(self, fact: LegQuality) -> None:
        if fact.mos is not None:
            self._scores.labels(fact.party).observe(fact.mos)
