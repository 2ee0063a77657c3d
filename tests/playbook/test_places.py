"""Each judge of places finds what it is there for; test_invariants shows that all are silent about a good story."""

from collections.abc import Callable, Iterator

import pytest

from telephony.events import AgentPicked, AssignmentMoved, ContactArrived, ContactMoved, Fact, LegMoved, NodeEntered
from tests.playbook import places
from tests.playbook.evidence import Evidence, Told


def moved(contact: str, was: str, now: str, sequence: int = 1, reason: str = "") -> ContactMoved:
    return ContactMoved(contact_id=contact, was=was, now=now, reason=reason, queue="sales", sequence=sequence)


def entered(node: str) -> NodeEntered:
    return NodeEntered(contact_id="c", flow="f", revision="r", node=node, attempt=1, variables={})


def refused(by: str) -> AssignmentMoved:
    return AssignmentMoved(
        assignment_id="a", contact_id="c", agent=by, queue="sales", medium="voice", was="offered", now="refused"
    )


def leg(contact: str) -> LegMoved:
    return LegMoved(leg_id="l", contact_id=contact, party="caller", was="", now="ringing")


ARRIVED = ContactArrived(contact_id="c", medium="voice", address="1000", customer="bob")
QUEUED, LATER = moved("c", "arrived", "queued"), moved("d", "arrived", "queued", 2)
OVERTAKES = moved("d", "queued", "offered", 2, "ana")
PICKED = AgentPicked(
    contact_id="c", queue="sales", agent="ana", strategy="longest_idle", waited=1.0, position=1, considered=()
)


def found(judge: Callable[[Evidence], Iterator[str]], *facts: Fact) -> list[str]:
    """What a judge finds in facts of which one comes a second after the other."""
    return list(judge(Evidence([Told(float(at), fact) for at, fact in enumerate(facts)], {})))


@pytest.mark.parametrize(
    ("judge", "wrong", "fine"),
    [
        (places.every_caller_is_told_once, (ARRIVED, ARRIVED), (ARRIVED,)),
        (places.every_caller_is_told_once, (leg("c"), leg("d")), (leg("c"), leg("c"))),
        (places.the_first_is_served_first, (QUEUED, LATER, OVERTAKES), (QUEUED, LATER, refused("ana"), OVERTAKES)),
        (places.waits_are_counted_from_their_beginning, (QUEUED, LATER, PICKED), (QUEUED, PICKED)),
        (
            places.nobody_begins_anew,
            (entered("menu"), entered("sales"), QUEUED, entered("menu")),
            (entered("sales"), QUEUED, entered("sales")),
        ),
    ],
)
def test_what_is_wrong_is_found(
    judge: Callable[[Evidence], Iterator[str]], wrong: tuple[Fact, ...], fine: tuple[Fact, ...]
) -> None:
    assert found(judge, *wrong)
    assert not found(judge, *fine)
