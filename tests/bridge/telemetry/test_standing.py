"""What an agent does, in one of few words."""

import pytest

from bridge.status import AgentStatus
from bridge.telemetry.standing import OWN_CALL, STATES, state_of
from telephony.agent import Agent, Presence
from telephony.assignment import TRANSITIONS, Assignment, AssignmentState
from telephony.contact import Medium


@pytest.mark.parametrize("presence", Presence)
@pytest.mark.parametrize("trouble", ["", "is not registered"])
@pytest.mark.parametrize("work", [None, *(state for state, following in TRANSITIONS.items() if following)])
@pytest.mark.parametrize("own_calls", [0, 1])
def test_every_agent_is_in_one_known_state(
    presence: Presence, trouble: str, work: AssignmentState | None, own_calls: int
) -> None:
    agent = Agent("ana", "Ana", frozenset(), presence, trouble, own_calls=own_calls)
    if work:
        agent.assignments["a"] = Assignment("a", "c", "i", "ana", "sales", Medium.VOICE, work)
    assert state_of(AgentStatus.of(agent)) in STATES


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (AgentStatus("available", True), "free"),
        (AgentStatus("available", False), "unreachable"),
        (AgentStatus("away", False), "away"),
        (AgentStatus("away", True, "wrap_up"), "wrap_up"),
        (AgentStatus("available", True, "a call of her own"), OWN_CALL),
    ],
)
def test_work_goes_before_choice_and_choice_before_reach(status: AgentStatus, state: str) -> None:
    assert state_of(status) == state
