"""An agent as routing sees her."""

from telephony.agent import TRANSITIONS, Agent, Presence
from telephony.assignment import Assignment, AssignmentState
from telephony.contact import Medium


def test_an_agent_has_room_until_an_assignment_holds_it() -> None:
    ana = Agent("ana", "Ana", frozenset({"sales"}))
    assert ana.occupied_by is None
    ana.assignments["a1"] = Assignment("a1", "c1", "i1", "ana", "sales", Medium.VOICE, AssignmentState.WRAP_UP)
    assert ana.occupied_by is AssignmentState.WRAP_UP


def test_an_agent_s_phone_is_not_there_until_it_registers() -> None:
    assert not Agent("ana", "Ana", frozenset()).reachable


def test_only_who_is_available_can_miss_a_call() -> None:
    ways = [presence for presence in Presence if Presence.UNRESPONSIVE in TRANSITIONS[presence]]
    assert ways == [Presence.AVAILABLE]


def test_agents_share_no_assignments() -> None:
    ana, bruno = (Agent(name, name.title(), frozenset()) for name in ("ana", "bruno"))
    assert ana.assignments is not bruno.assignments
