"""From facts to spans: one trace an interaction, whose id is the trace's id.

    interaction          events: its moves, and those of its legs
      contact            events: its moves
        leg              one for each leg with sound, and how it sounded; told when all else may be over
        node             one for each node of a flow
          wait           in a queue; event: who was picked
            offer        one for each agent who was offered the contact
          talk
        wrap-up

Attributes tell what and who of us, never a customer's number, name or words.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from opentelemetry.trace import Span, Tracer, set_span_in_context

from bridge.interaction import CONTACT_ENDS, InteractionState
from telephony.assignment import TRANSITIONS, AssignmentState
from telephony.clock import Clock
from telephony.contact import ContactState
from telephony.events import (
    AgentPicked,
    AssignmentMoved,
    ContactArrived,
    ContactMoved,
    Fact,
    IllegalMove,
    InteractionMoved,
    LegMoved,
    LegQuality,
    NodeEntered,
    NodeLeft,
)

Attributes = Mapping[str, Any]

MOST_LEGS: Final = 1000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_OFFER_ENDS: Final = TRANSITIONS[AssignmentState.OFFERED]


@dataclass(slots=True)
class _Contact:
    """A contact's open spans; `parts` are those of assignments, by their ids."""

    span: Span
    node: Span | None = None
    wait: Span | None = None
    parts: dict[str, Span] = field(default_factory=dict)

    @property
    def place(self) -> Span:
        """Where it is now."""
        return self.node or self.span


@dataclass(slots=True)
class _Matter:
    span: Span
    contacts: dict[str, _Contact] = field(default_factory=dict)


class Spans:
    """The open spans of all interactions. `name_trace` is told the id of the next trace before its first span."""

    def __init__(self, clock: Clock, tracer: Tracer, name_trace: Callable[[int], None]) -> None:
        self._clock, self._tracer, self._name_trace = clock, tracer, name_trace
        self.open: dict[str, _Matter] = {}
        self._legs: OrderedDict[str, tuple[Span, int]] = OrderedDict()

    def follow(self, fact: Fact) -> None:
        """Takes one fact; one of no interaction, or of one that an earlier controller began, has no trace."""
        if isinstance(fact, ContactArrived):
            self._arrived(fact)
        elif isinstance(fact, LegQuality):
            self._leg_sounded(fact)
        elif matter := self.open.get(fact.interaction_id):
            self._in(matter, fact)

    def _arrived(self, fact: ContactArrived) -> None:
        if (matter := self.open.get(fact.interaction_id)) is None:
            self._name_trace(UUID(fact.interaction_id).int)
            matter = self.open[fact.interaction_id] = _Matter(self._begin("interaction", None, {}))
        about = {"contact.id": fact.contact_id, "contact.medium": fact.medium, "contact.address": fact.address}
        matter.contacts[fact.contact_id] = _Contact(self._begin("contact", matter.span, about))

    def _in(self, matter: _Matter, fact: Fact) -> None:
        if isinstance(fact, InteractionMoved):
            self._interaction_moved(matter, fact)
        elif isinstance(fact, IllegalMove):
            self._tell(matter.span, "illegal move", {"concept": fact.concept, "was": fact.was, "asked": fact.asked})
        elif isinstance(fact, LegMoved):
            self._leg_moved(matter, fact)
        elif contact := matter.contacts.get(getattr(fact, "contact_id", "")):
            self._in_contact(contact, fact)

    def _leg_moved(self, matter: _Matter, fact: LegMoved) -> None:
        about = {"leg.id": fact.leg_id, "party": fact.party, "reason": fact.reason}
        self._tell(matter.span, f"leg {fact.now}", about)
        if not fact.was and (contact := matter.contacts.get(fact.contact_id)):
            self._legs[fact.leg_id] = contact.span, self._now()
            if len(self._legs) > MOST_LEGS:
                self._legs.popitem(last=False)

    def _leg_sounded(self, fact: LegQuality) -> None:
        if found := self._legs.pop(fact.leg_id, None):
            contact, began = found
            self._end(self._begin("leg", contact, _of_quality(fact), began))

    def _in_contact(self, contact: _Contact, fact: Fact) -> None:
        match fact:
            case ContactMoved():
                self._contact_moved(contact, fact)
            case NodeEntered():
                about = {"flow": fact.flow, "flow.revision": fact.revision, "node": fact.node, "attempt": fact.attempt}
                self._end(contact.node)
                contact.node = self._begin("node", contact.span, about)
            case NodeLeft():
                self._end(contact.node, {"exit": fact.exit})
                contact.node = None
            case AgentPicked():
                picked = {"agent": fact.agent, "strategy": fact.strategy, "position": fact.position}
                self._tell(contact.wait or contact.span, "picked", picked)
            case AssignmentMoved():
                self._assignment_moved(contact, fact)

    def _contact_moved(self, contact: _Contact, fact: ContactMoved) -> None:
        self._tell(contact.span, f"contact {fact.now}", {"was": fact.was, "reason": fact.reason})
        if fact.now == ContactState.QUEUED and contact.wait is None:
            about = {"queue": fact.queue or "", "sequence": fact.sequence or 0}
            contact.wait = self._begin("wait", contact.place, about)
        elif fact.now not in (ContactState.QUEUED, ContactState.OFFERED):
            self._end(contact.wait, {"outcome": fact.now})
            contact.wait = None
        if fact.now in CONTACT_ENDS:
            self._end(contact.node)
            self._end(contact.span, {"outcome": fact.now, "reason": fact.reason})
            contact.node = None

    def _assignment_moved(self, contact: _Contact, fact: AssignmentMoved) -> None:
        about = {"assignment.id": fact.assignment_id, "agent": fact.agent, "queue": fact.queue}
        if not fact.was:
            contact.parts[fact.assignment_id] = self._begin("offer", contact.wait or contact.place, about)
        elif fact.now in _OFFER_ENDS or fact.now == AssignmentState.DONE:
            self._end(contact.parts.pop(fact.assignment_id, None), {"outcome": fact.now, "reason": fact.reason})
        elif fact.now == AssignmentState.ACTIVE and fact.assignment_id not in contact.parts:
            contact.parts[fact.assignment_id] = self._begin("talk", contact.place, about)
        elif fact.now == AssignmentState.WRAP_UP:
            self._end(contact.parts.get(fact.assignment_id))
            contact.parts[fact.assignment_id] = self._begin("wrap-up", contact.span, about)

    def _interaction_moved(self, matter: _Matter, fact: InteractionMoved) -> None:
        self._tell(matter.span, f"interaction {fact.now}", {"was": fact.was, "reason": fact.reason})
        if fact.now == InteractionState.CLOSED:
            self._end(matter.span)
            del self.open[fact.interaction_id]

    def _begin(self, name: str, parent: Span | None, about: Attributes, at: int | None = None) -> Span:
        context = set_span_in_context(parent) if parent else None
        return self._tracer.start_span(name, context, attributes=dict(about), start_time=at or self._now())

    def _end(self, span: Span | None, about: Attributes | None = None) -> None:
        if span:
            span.set_attributes(dict(about or {}))
            span.end(self._now())

    def _tell(self, span: Span, name: str, about: Attributes) -> None:
        span.add_event(name, {key: value for key, value in about.items() if value not in ("", None)}, self._now())

    def _now(self) -> int:
        """Nanoseconds since 1970."""
        return (self._clock.now() - _EPOCH) // _MICROSECOND * 1000


def _of_quality(fact: LegQuality) -> Attributes:
    names = ("party", "received", "sent", "loss", "jitter", "loss_there", "jitter_there", "round_trip", "mos")
    known = {name: value for name in names if (value := getattr(fact, name)) is not None}
    return {"leg.id": fact.leg_id, **known}
