"""Facts: what has happened, past tense, typed, with ids. They go up through the EventSink and are kept for ever.

A field listed in `contents` holds a customer's words, number or name: the journal keeps those apart, so that erasing
one person never breaks the record.
"""

from typing import ClassVar

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="type"):
    """Something that has happened. `interaction_id` is empty where no matter is concerned."""

    contents: ClassVar[tuple[str, ...]] = ()
    interaction_id: str = ""


class ContactArrived(Fact, frozen=True, kw_only=True):
    """A customer reached us: `address` is what was dialled, `customer` where from (weak evidence of who)."""

    contents: ClassVar[tuple[str, ...]] = ("customer", "customer_name")
    contact_id: str
    medium: str
    address: str
    customer: str
    customer_name: str = ""


class ContactMoved(Fact, frozen=True, kw_only=True):
    """A contact went from one state to the next; `sequence` is its place in the order of arrival in queues."""

    contact_id: str
    was: str
    now: str
    reason: str = ""
    queue: str | None = None
    sequence: int | None = None


class AssignmentMoved(Fact, frozen=True, kw_only=True):
    """One agent's part in a contact went on; `was` is empty when it began."""

    assignment_id: str
    contact_id: str
    agent: str
    queue: str
    medium: str
    was: str
    now: str
    reason: str = ""


class LegMoved(Fact, frozen=True, kw_only=True):
    """A leg of a call went on; `was` is empty when it began."""

    leg_id: str
    contact_id: str
    party: str
    was: str
    now: str
    reason: str = ""


class Considered(msgspec.Struct, frozen=True):
    """One agent weighed for a contact: `fit`, and in plain words why or why not."""

    agent: str
    fit: bool
    because: str


class AgentPicked(Fact, frozen=True, kw_only=True):
    """The router chose an agent for a contact, with all that it weighed. `waited` is in seconds."""

    contact_id: str
    queue: str
    agent: str
    strategy: str
    waited: float
    position: int
    considered: tuple[Considered, ...]


class NodeEntered(Fact, frozen=True, kw_only=True):
    """A flow reached a node: its durable point, from which it can be taken up again."""

    contents: ClassVar[tuple[str, ...]] = ("variables",)
    contact_id: str
    flow: str
    revision: str
    node: str
    attempt: int
    variables: dict[str, str]


class NodeLeft(Fact, frozen=True, kw_only=True):
    """A flow left a node by one of its exits."""

    contact_id: str
    flow: str
    node: str
    exit: str


class PresenceChanged(Fact, frozen=True, kw_only=True):
    """An agent chose, or a missed call chose for her."""

    agent: str
    was: str
    now: str
    reason: str = ""


class ReachabilityChanged(Fact, frozen=True, kw_only=True):
    """An agent's phone came or went; `reason` is what is wrong with it, as words after `her phone`."""

    agent: str
    reachable: bool
    reason: str = ""


class SeatChanged(Fact, frozen=True, kw_only=True):
    """An agent takes calls at another phone from now on, named by its account."""

    agent: str
    phone: str
    reason: str = ""


class OwnCallBegan(Fact, frozen=True, kw_only=True):
    """An agent's phone made a call itself: until it ends, nothing is offered to her."""

    agent: str
    dialled: str


class OwnCallEnded(Fact, frozen=True, kw_only=True):
    """A call that an agent's phone had made is over."""

    agent: str


class CallCutOff(Fact, frozen=True, kw_only=True):
    """A caller's call ended through no act of hers or ours, as when Asterisk dies: she may want to be called back.
    `state` is the contact's when it happened."""

    contact_id: str
    state: str
    queue: str | None = None


class CallerUnserved(Fact, frozen=True, kw_only=True):
    """A caller was turned away while nobody was in control, and only Asterisk took note: she may want to be called
    back. `turned_away_at` is ISO 8601 in UTC, `address` what was dialled, `customer` digits at most."""

    contents: ClassVar[tuple[str, ...]] = ("customer",)
    contact_id: str
    turned_away_at: str
    address: str
    customer: str


class InteractionOpened(Fact, frozen=True, kw_only=True):
    """A matter began with a contact."""

    contact_id: str


class InteractionMoved(Fact, frozen=True, kw_only=True):
    """A matter went from one state to the next."""

    was: str
    now: str
    reason: str = ""


class CenterApplied(Fact, frozen=True, kw_only=True):
    """Another revision of the center took effect for new calls."""

    was: str
    now: str


class LegQuality(Fact, frozen=True, kw_only=True):
    """How a leg sounded, told when it has ended: packets, losses as shares of 1, times in seconds, `there` as its phone
    reports of what it got, None where it is not known. `mos` estimates people's opinion of the worse direction, from 1
    to 4.5."""

    leg_id: str
    contact_id: str
    party: str
    received: int
    sent: int
    loss: float | None
    jitter: float
    loss_there: float | None
    jitter_there: float | None
    round_trip: float | None
    mos: float | None


class IllegalMove(Fact, frozen=True, kw_only=True):
    """A machine was asked for a move that its table forbids: our bug, kept so that it is found."""

    concept: str
    id: str
    was: str
    asked: str


AnyFact = (
    ContactArrived
    | ContactMoved
    | AssignmentMoved
    | LegMoved
    | LegQuality
    | AgentPicked
    | NodeEntered
    | NodeLeft
    | PresenceChanged
    | ReachabilityChanged
    | SeatChanged
    | OwnCallBegan
    | OwnCallEnded
    | CallCutOff
    | CallerUnserved
    | InteractionOpened
    | InteractionMoved
    | CenterApplied
    | IllegalMove
)
