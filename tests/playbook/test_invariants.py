"""Each invariant finds what it is there for, and is silent about a good story."""

from collections.abc import Sequence

import pytest

from telephony.events import (
    AssignmentMoved,
    ContactArrived,
    ContactMoved,
    Fact,
    IllegalMove,
    InteractionMoved,
    InteractionOpened,
    LegMoved,
    PresenceChanged,
    ReachabilityChanged,
)
from tests.playbook.evidence import Evidence, Ring, Told
from tests.playbook.invariants import check

ANA = ReachabilityChanged(agent="ana", reachable=True)
ARRIVED = ContactArrived(interaction_id="i", contact_id="c", medium="voice", address="1000", customer="bob")
OPENED = InteractionOpened(interaction_id="i", contact_id="c")
CLOSED = InteractionMoved(interaction_id="i", was="open", now="closed")


def contact(was: str, now: str, sequence: int | None = 1) -> ContactMoved:
    return ContactMoved(interaction_id="i", contact_id="c", was=was, now=now, queue="sales", sequence=sequence)


def part(was: str, now: str, id: str = "a", reason: str = "", of: str = "c") -> AssignmentMoved:
    return AssignmentMoved(
        interaction_id="i",
        assignment_id=id,
        contact_id=of,
        agent="ana",
        queue="sales",
        medium="voice",
        was=was,
        now=now,
        reason=reason,
    )


QUEUED, OFFERED, CONNECTED = contact("arrived", "queued"), contact("queued", "offered"), contact("offered", "connected")
OVER = contact("connected", "closed")
TALK = (part("", "offered"), part("offered", "accepted"), part("accepted", "active"))
AFTER = (part("active", "wrap_up"), part("wrap_up", "done"))
GOOD: Sequence[Fact] = (ANA, ARRIVED, OPENED, QUEUED, TALK[0], OFFERED, *TALK[1:], CONNECTED, OVER, *AFTER, CLOSED)
GIVEN_UP: Sequence[Fact] = (ARRIVED, OPENED, QUEUED, contact("queued", "abandoned"), CLOSED)


def evidence(*facts: Fact | float, rings: Sequence[Ring] = (), left: Sequence[str] = ()) -> Evidence:
    """Facts one after the other; a number lets so many seconds pass."""
    at, told = 0.0, []
    for fact in facts:
        if isinstance(fact, float):
            at += fact
        else:
            told.append(Told(at, fact))
    return Evidence(told, {"ana": frozenset({"sales"})}, rings=rings, departures={"c": 5.0}, left=left)


def test_a_good_story_passes() -> None:
    check(evidence(*GOOD, rings=[Ring("ana", "c", 1.0, 5.4)]))
    check(evidence(*GIVEN_UP))


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (evidence(*GOOD, contact("closed", "queued")), "every_move_is_legal"),
        (evidence(ARRIVED, OPENED, contact("queued", "abandoned"), CLOSED), "but was arrived"),
        (evidence(PresenceChanged(agent="ana", was="away", now="unresponsive")), "every_move_is_legal"),
        (evidence(IllegalMove(concept="Leg", id="l", was="ended", asked="up")), "no_illegal_move_was_asked"),
        (evidence(ARRIVED, OPENED, QUEUED, CLOSED), "every_contact_ends: c is queued"),
        (evidence(part("", "offered")), "every_assignment_ends: ana is offered"),
        (evidence(LegMoved(leg_id="l", contact_id="c", party="agent", was="", now="dialing")), "every_leg_ends"),
        (evidence(part("", "offered"), part("", "offered", "b")), "one_offer_per_contact"),
        (evidence(*TALK, *(part(p.was, p.now, "b", of="d") for p in TALK)), "one_talk_per_agent"),
        (evidence(ARRIVED, QUEUED, contact("queued", "abandoned", 2)), "age_is_kept"),
        (evidence(*GOOD, CLOSED), "every_interaction_closes_once"),
        (evidence(OPENED), "i was closed 0 times"),
        (evidence(*GOOD, rings=[Ring("ana", "c", 1.0, 5.6)]), "no_ring_outlives_its_caller"),
        (evidence(*GOOD, rings=[Ring("ana", "c", 1.0, None)]), "no_ring_outlives_its_caller"),
        (evidence(ANA, *GIVEN_UP[:3], 0.1, *GIVEN_UP[3:]), "ana was free from 0.000 to 0.100"),
        (evidence(*GOOD, left=["bridge b"]), "nothing_is_left: bridge b"),
    ],
)
def test_a_wrong_one_is_found(wrong: Evidence, found: str) -> None:
    with pytest.raises(AssertionError, match=found):
        check(wrong)


@pytest.mark.parametrize(
    ("reason", "wait", "fine"), [("refused", 29.0, True), ("refused", 31.0, False), ("failed", 1.5, False)]
)
def test_a_bounded_reason_excuses_her_for_as_long_as_it_lasts(reason: str, wait: float, fine: bool) -> None:
    refused = (OFFERED, part("offered", "refused", reason=reason), contact("offered", "queued"))
    facts = (ANA, ARRIVED, OPENED, QUEUED, TALK[0], *refused, wait, contact("queued", "abandoned"), CLOSED)
    if fine:
        check(evidence(*facts))
    else:
        with pytest.raises(AssertionError, match="nobody_idles_while_somebody_waits"):
            check(evidence(*facts))
