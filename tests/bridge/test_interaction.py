"""A matter opens with its first contact and closes once, when nothing goes on in it any more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from bridge.interaction import TRANSITIONS, Interactions, InteractionState
from telephony import assignment, contact
from telephony.events import AssignmentMoved, ContactArrived, ContactMoved, Fact, InteractionMoved, InteractionOpened
from telephony.ids import new_id


def arrived(interaction: str, contact_id: str) -> ContactArrived:
    return ContactArrived(
        interaction_id=interaction, contact_id=contact_id, medium="voice", address="1000", customer=""
    )


def contact_moved(interaction: str, contact_id: str, was: str, now: str) -> ContactMoved:
    return ContactMoved(interaction_id=interaction, contact_id=contact_id, was=was, now=now)


def assignment_moved(interaction: str, assignment_id: str, was: str, now: str) -> AssignmentMoved:
    return AssignmentMoved(
        interaction_id=interaction,
        assignment_id=assignment_id,
        contact_id="c",
        agent="ana",
        queue="sales",
        medium="voice",
        was=was,
        now=now,
    )


@dataclass(eq=False)
class Part:
    """A contact or an assignment of a matter, as its machine's `table` moves it."""

    matter: str
    id: str
    table: Mapping[Any, frozenset[Any]]
    state: str

    @property
    def following(self) -> list[str]:
        return sorted(self.table[self.state])


@dataclass
class Matter:
    """A matter's parts, and what was told of it."""

    parts: list[Part] = field(default_factory=list)
    told: list[Fact] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        return any(part.following for part in self.parts)


class Histories(RuleBasedStateMachine):
    """Any legal histories of contacts and assignments, of many matters at once."""

    parts = Bundle("parts")

    def __init__(self) -> None:
        super().__init__()
        self.interactions = Interactions()
        self.matters: dict[str, Matter] = {}

    @rule(target=parts)
    def a_new_matter(self) -> Part:
        matter = new_id()
        self.matters[matter] = Matter()
        return self._contact_arrives(matter)

    @rule(target=parts, part=parts)
    def another_contact(self, part: Part) -> object:
        return self._contact_arrives(part.matter) if self.matters[part.matter].goes_on else multiple()

    @rule(target=parts, part=parts)
    def an_agent_takes_part(self, part: Part) -> object:
        if not self.matters[part.matter].goes_on:
            return multiple()
        new = Part(part.matter, new_id(), assignment.TRANSITIONS, "offered")
        self.matters[part.matter].parts.append(new)
        self._follow(assignment_moved(new.matter, new.id, "", new.state))
        return new

    @rule(part=parts, data=st.data())
    def a_part_goes_on(self, part: Part, data: st.DataObject) -> None:
        if not part.following:
            return
        was, part.state = part.state, data.draw(st.sampled_from(part.following))
        moved = contact_moved if part.table is contact.TRANSITIONS else assignment_moved
        self._follow(moved(part.matter, part.id, was, part.state))

    @invariant()
    def a_matter_is_open_while_something_goes_on_in_it(self) -> None:
        going_on = {id for id, matter in self.matters.items() if matter.goes_on}
        assert set(self.interactions.open) == going_on

    @invariant()
    def it_was_opened_once_and_closed_once_and_nothing_else_was_told(self) -> None:
        for matter in self.matters.values():
            expected = [InteractionOpened] if matter.goes_on else [InteractionOpened, InteractionMoved]
            assert [type(fact) for fact in matter.told] == expected

    def _contact_arrives(self, matter: str) -> Part:
        new = Part(matter, new_id(), contact.TRANSITIONS, "arrived")
        self.matters[matter].parts.append(new)
        self._follow(arrived(matter, new.id))
        return new

    def _follow(self, fact: Fact) -> None:
        told = self.interactions.follow(fact)
        assert {each.interaction_id for each in told} <= {fact.interaction_id}
        self.matters[fact.interaction_id].told += told


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, deadline=None)


def test_it_outlives_its_contact_while_the_agent_wraps_up() -> None:
    interactions = Interactions()
    told: list[Fact] = []
    for fact in (
        arrived("i", "c"),
        assignment_moved("i", "a", "", "offered"),
        contact_moved("i", "c", "connected", "closed"),
        assignment_moved("i", "a", "active", "wrap_up"),
    ):
        told += interactions.follow(fact)
    assert told == [InteractionOpened(interaction_id="i", contact_id="c")]
    (closed,) = interactions.follow(assignment_moved("i", "a", "wrap_up", "done"))
    assert closed == InteractionMoved(interaction_id="i", was="open", now="closed", reason="nothing goes on in it")


def test_parts_of_a_matter_that_it_never_saw_begin_change_nothing() -> None:
    interactions = Interactions()
    assert interactions.follow(contact_moved("i", "c", "connected", "closed")) == ()
    assert interactions.follow(assignment_moved("i", "a", "", "offered")) == ()
    assert interactions.follow(assignment_moved("i", "a", "wrap_up", "done")) == ()


def test_its_machine_is_the_designs() -> None:
    moves = {(was, now) for was, following in TRANSITIONS.items() for now in following}
    assert moves == {
        ("open", "parked"),
        ("open", "closed"),
        ("parked", "open"),
        ("parked", "closed"),
        ("closed", "open"),
    }
    assert set(TRANSITIONS) == set(InteractionState)
