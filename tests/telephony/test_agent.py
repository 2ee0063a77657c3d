"""An agent as routing sees her."""

from telephony.agent import TRANSITIONS, Agent, Presence
from telephony.assignment import Assignment, AssignmentState
from telephony.contact import Medium


def test_an_agent_is_busy_with_what_she_has_begun_or_with_a_call_that_her_phone_makes() -> None:
    ana = Agent("ana", "Ana", frozenset({"sales"}))
    assert ana.busy_with == ""
    ana.own_calls = 1
    assert ana.busy_with == "a call of her own"
    ana.assignments["a"] = Assignment("a", "c", "i", "ana", "sales", Medium.VOICE, AssignmentState.WRAP_UP)
    assert ana.busy_with == "wrap_up"


def test_an_agent_s_phone_is_not_there_until_it_registers() -> None:
    assert not Agent("ana", "Ana", frozenset()).reachable


def test_only_who_is_available_can_miss_a_call() -> None:
    ways = [presence for presence in Presence if Presence.UNRESPONSIVE in TRANSITIONS[presence]]
    assert ways == [Presence.AVAILABLE]


def test_agents_share_no_assignments() -> None:
    ana, bruno = (Agent(name, name.title(), frozenset()) for name in ("ana", "bruno"))
    assert ana.assignments is not bruno.assignments
