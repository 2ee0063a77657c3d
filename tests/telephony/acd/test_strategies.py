"""Every routing strategy does what its case file says: tests/cases/strategies/<name>.yaml, a list of named cases."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from config.document import read_document
from telephony.acd.candidate import Candidate, Rules, Waiting
from telephony.acd.router import decide
from telephony.acd.strategies import STRATEGIES

CASES = Path(__file__).parents[2] / "cases" / "strategies"
NOW = 1000.0
FREE: dict[str, Any] = {
    "queues": frozenset({"sales"}),
    "presence": "available",
    "trouble": "",
    "busy_with": "",
    "resting_until": 0.0,
    "idle_since": 0.0,
}


class Case(BaseModel):
    """Agents by name, with what differs from a free one; how many contacts wait; who is offered them, in order."""

    model_config = ConfigDict(extra="forbid")
    case: str
    agents: dict[str, dict[str, Any]]
    waiting: int
    offered: list[str]

    @property
    def candidates(self) -> list[Candidate]:
        return [Candidate(name=name, **FREE | differs) for name, differs in self.agents.items()]


def cases(strategy: str) -> list[Case]:
    document = read_document(CASES / f"{strategy}.yaml", f"{strategy}.yaml")
    assert not document.errors, document.errors
    assert isinstance(document.data, list)
    return [Case.model_validate(each) for each in document.data]


EVERY_CASE = [
    pytest.param(path.stem, each, id=f"{path.stem}: {each.case}")
    for path in sorted(CASES.glob("*.yaml"))
    for each in cases(path.stem)
]


def test_every_strategy_has_a_case_file_and_every_case_file_a_strategy() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(STRATEGIES)


@pytest.mark.parametrize(("strategy", "case"), EVERY_CASE)
def test_case(strategy: str, case: Case) -> None:
    waiting = [Waiting(f"c{number}", "sales", number, NOW) for number in range(case.waiting)]
    decision = decide(waiting, case.candidates, {"sales": Rules(strategy)}, NOW)
    assert [pick.agent for pick in decision.picks] == case.offered


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_no_two_agents_are_equal_to_a_strategy_so_that_a_replay_agrees(strategy: str) -> None:
    ana, bruno = (Candidate(name=name, **FREE) for name in ("ana", "bruno"))
    assert STRATEGIES[strategy](ana) != STRATEGIES[strategy](bruno)
