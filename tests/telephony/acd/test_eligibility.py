"""Whether an agent may be offered a contact, and the words that say why or why not."""

from dataclasses import replace
from typing import Any

import pytest

from telephony.acd.candidate import Candidate, Waiting
from telephony.acd.eligibility import Verdict, free, verdict
from telephony.agent import Presence
from telephony.assignment import AssignmentState

NOW = 1000.0
ANA = Candidate("ana", frozenset({"sales"}), "available", "", "", 0.0, 987.5)
CALL = Waiting("c1", "sales", 1, 990.0)


def test_a_free_agent_is_fit_and_it_is_told_for_how_long_she_has_been_free() -> None:
    assert verdict(ANA, CALL, NOW) == Verdict(True, "free for 12.5 s")


@pytest.mark.parametrize(
    ("but", "because", "until"),
    [
        ({"queues": frozenset({"support"})}, "not in this queue", None),
        ({"presence": "away"}, "away", None),
        ({"presence": "offline"}, "offline", None),
        ({"presence": "unresponsive"}, "unresponsive", None),
        ({"trouble": "is not registered"}, "her phone is not registered", None),
        ({"busy_with": "offered"}, "busy: offered", None),
        ({"busy_with": "wrap_up"}, "busy: wrap-up", None),
        ({"resting_until": 1000.1}, "her phone just failed", 1000.1),
        ({"presence": "away", "trouble": "is not registered", "busy_with": "active"}, "away", None),
    ],
)
def test_an_agent_is_not_fit_for_one_plain_reason(but: dict[str, Any], because: str, until: float | None) -> None:
    assert verdict(replace(ANA, **but), CALL, NOW) == Verdict(False, because, until)


@pytest.mark.parametrize("presence", Presence)
def test_of_all_that_an_agent_can_choose_only_available_is_fit(presence: Presence) -> None:
    assert free(replace(ANA, presence=presence), NOW).fit == (presence is Presence.AVAILABLE)


@pytest.mark.parametrize("state", AssignmentState)
def test_whatever_an_agent_does_with_a_contact_keeps_her_from_another(state: AssignmentState) -> None:
    assert not free(replace(ANA, busy_with=state), NOW).fit


def test_a_contact_passes_an_agent_over_until_its_time_and_only_her() -> None:
    call = replace(CALL, passed_over={"ana": (1010.0, "refused a moment ago")})
    assert verdict(ANA, call, NOW) == Verdict(False, "refused a moment ago", 1010.0)
    assert verdict(ANA, call, 1010.0).fit
    assert verdict(replace(ANA, name="bruno"), call, NOW).fit
    assert free(ANA, NOW).fit


def test_a_reason_that_ends_ends_at_its_second() -> None:
    resting = replace(ANA, resting_until=1010.0)
    assert not verdict(resting, CALL, 1009.9).fit
    assert verdict(resting, CALL, 1010.0).fit
