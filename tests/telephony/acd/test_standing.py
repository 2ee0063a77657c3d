"""The one line about an agent is of one mind with the router."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.acd.candidate import Candidate
from telephony.acd.eligibility import free
from telephony.acd.standing import WORDS, Standing, standing, words
from telephony.agent import Presence
from telephony.assignment import TRANSITIONS as ASSIGNMENTS

NOW = 1000.0
ANA = Candidate("ana", frozenset({"sales"}), "available", "", "", 0.0, 987.5)
BUSY = [state for state, following in ASSIGNMENTS.items() if following]
CANDIDATES = st.builds(
    Candidate,
    name=st.just("ana"),
    queues=st.just(frozenset({"sales"})),
    presence=st.sampled_from(Presence),
    trouble=st.sampled_from(["", "is not registered", "is used by bruno"]),
    busy_with=st.sampled_from(["", "a call of her own", *BUSY]),
    resting_until=st.sampled_from([0.0, NOW, NOW + 5]),
    idle_since=st.just(0.0),
)


@given(CANDIDATES)
def test_she_is_free_in_her_line_exactly_when_she_is_to_the_router(agent: Candidate) -> None:
    assert (standing(agent, NOW) is Standing.FREE) == free(agent, NOW).fit


@given(CANDIDATES)
def test_the_line_names_the_reason_that_the_router_names(agent: Candidate) -> None:
    because, line = free(agent, NOW).because, standing(agent, NOW)
    match line:
        case Standing.AWAY | Standing.OFFLINE | Standing.UNRESPONSIVE:
            assert because == line
        case Standing.PHONE:
            assert because == f"her phone {agent.trouble}"
            assert words(line, agent.trouble).text == f"Her phone {agent.trouble}"
        case Standing.RESTING:
            assert because == "her phone just failed"
        case Standing.FREE:
            assert because.startswith("free")
        case _:
            assert because.startswith("busy")


@pytest.mark.parametrize(
    ("but", "line"),
    [
        ({}, Standing.FREE),
        ({"busy_with": "offered"}, Standing.OFFERED),
        ({"busy_with": "active"}, Standing.TALKING),
        ({"busy_with": "wrap_up"}, Standing.WRAP_UP),
        ({"busy_with": "a call of her own"}, Standing.OWN_CALL),
        ({"resting_until": NOW + 1}, Standing.RESTING),
        ({"presence": "away", "busy_with": "active"}, Standing.AWAY),
    ],
)
def test_of_several_reasons_the_one_that_decides_is_told(but: dict[str, Any], line: Standing) -> None:
    assert standing(replace(ANA, **but), NOW) is line


def test_each_standing_has_its_words() -> None:
    assert WORDS.keys() == set(Standing)
