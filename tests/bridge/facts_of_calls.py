"""Facts to test with: whole calls as the voice side tells them, and any facts at all."""

import string
from collections.abc import Sequence
from itertools import islice
from typing import get_args

import msgspec
from hypothesis import strategies as st

from bridge.interaction import Interactions
from telephony.events import (
    AgentPicked,
    AnyFact,
    AssignmentMoved,
    CallCutOff,
    CallerUnserved,
    Considered,
    ContactArrived,
    ContactMoved,
    Fact,
    LegMoved,
    NodeEntered,
)
from telephony.ids import new_id

FACTS: Sequence[type[Fact]] = get_args(AnyFact)


def a_call(agent: str = "ana", customer: str = "+4930123456", name: str = "Ada") -> list[Fact]:
    """A call that waited, was answered, and ended when the caller hung up; with its interaction's facts."""
    interaction, contact, assignment, leg = new_id(), new_id(), new_id(), new_id()

    def contact_moved(was: str, now: str, reason: str = "") -> Fact:
        return ContactMoved(
            interaction_id=interaction,
            contact_id=contact,
            was=was,
            now=now,
            reason=reason,
            queue="sales",
            sequence=7,
        )

    def assignment_moved(was: str, now: str) -> Fact:
        return AssignmentMoved(
            interaction_id=interaction,
            assignment_id=assignment,
            contact_id=contact,
            agent=agent,
            queue="sales",
            medium="voice",
            was=was,
            now=now,
        )

    def leg_moved(was: str, now: str, reason: str = "") -> Fact:
        return LegMoved(
            interaction_id=interaction,
            leg_id=leg,
            contact_id=contact,
            party="caller",
            was=was,
            now=now,
            reason=reason,
        )

    return followed(
        ContactArrived(
            interaction_id=interaction,
            contact_id=contact,
            medium="voice",
            address="1000",
            customer=customer,
            customer_name=name,
        ),
        leg_moved("", "ringing"),
        leg_moved("ringing", "up"),
        NodeEntered(
            interaction_id=interaction,
            contact_id=contact,
            flow="welcome",
            revision="r1",
            node="menu",
            attempt=1,
            variables={"said": name},
        ),
        contact_moved("arrived", "queued"),
        AgentPicked(
            interaction_id=interaction,
            contact_id=contact,
            queue="sales",
            agent=agent,
            strategy="longest_idle",
            waited=2.04,
            position=1,
            considered=(Considered(agent, True, "idle longest"), Considered("bruno", False, "her phone is away")),
        ),
        assignment_moved("", "offered"),
        contact_moved("queued", "offered", agent),
        assignment_moved("offered", "accepted"),
        contact_moved("offered", "connected"),
        assignment_moved("accepted", "active"),
        contact_moved("connected", "closed", "the caller hung up"),
        assignment_moved("active", "wrap_up"),
        leg_moved("up", "ended", "normal"),
        assignment_moved("wrap_up", "done"),
    )


def a_call_cut_off(customer: str = "+4930123456", queue: str = "sales") -> list[Fact]:
    """A call that was cut off while its caller waited."""
    moves = (fact for fact in a_call(customer=customer) if isinstance(fact, ContactArrived | ContactMoved))
    arrived, waits = islice(moves, 2)
    ids = {"interaction_id": arrived.interaction_id, "contact_id": arrived.contact_id}
    ended = ContactMoved(**ids, was="queued", now="abandoned", reason="Asterisk ended", queue=queue, sequence=7)
    return followed(arrived, waits, CallCutOff(**ids, state="queued", queue=queue), ended)


def a_caller_unserved(customer: str = "0301234", at: str = "2026-01-05T09:00:00+00:00") -> CallerUnserved:
    """Somebody who called while nobody was in control."""
    return CallerUnserved(
        interaction_id=new_id(), contact_id=new_id(), turned_away_at=at, address="1000", customer=customer
    )


def followed(*facts: Fact) -> list[Fact]:
    """Facts, with those that they bring about."""
    interactions = Interactions()
    return [each for fact in facts for each in (fact, *interactions.follow(fact))]


def any_fact(text: st.SearchStrategy[str]) -> st.SearchStrategy[Fact]:
    """Facts of every type, legal or not, whose text is drawn from `text`."""
    return st.one_of([_any(kind, text) for kind in FACTS])


def _any(kind: type[Fact], text: st.SearchStrategy[str]) -> st.SearchStrategy[Fact]:
    fields = {field.name: _value(field.type, text) for field in msgspec.structs.fields(kind)}
    return st.builds(kind, **fields)


def _value(type: object, text: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    considered = st.builds(Considered, agent=text, fit=st.booleans(), because=text)
    known: dict[object, st.SearchStrategy[object]] = {
        str: text,
        str | None: st.none() | text,
        dict[str, str]: st.dictionaries(st.text(string.ascii_lowercase, max_size=3), text, max_size=2),
        tuple[Considered, ...]: st.lists(considered, max_size=2).map(tuple),
    }
    return known.get(type, st.none()) if type in known else st.from_type(type)  # type: ignore[arg-type]
