"""What is read when somebody scrapes: each agent by her standing, each queue by its longest wait."""

from prometheus_client import Metric

from bridge.status import AgentStatus, Status
from bridge.telemetry.gauges import Gauges
from telephony.acd.standing import Standing

AGENTS = {
    "ana": AgentStatus("available", True),
    "bruno": AgentStatus("away", True, "wrap_up", Standing.AWAY),
    "carla": AgentStatus("away", False, "", Standing.AWAY),
}


def gauges() -> dict[str, Metric]:
    status = Status("r", True, False, {"sales": 2, "support": 0}, AGENTS, 9, 4, 0, {}, unwritten=3)
    waits = {"sales": 40.0}
    return {each.name: each for each in Gauges(lambda: status, waits.get).collect()}


def test_every_standing_is_told_and_each_agent_counts_once() -> None:
    counts = {sample.labels["state"]: sample.value for sample in gauges()["throughline_agents"].samples}
    assert counts == dict.fromkeys(Standing, 0) | {"free": 1, "away": 2}


def test_a_queue_in_which_nobody_waits_is_told_too() -> None:
    samples = gauges()["throughline_queue_oldest_wait_seconds"].samples
    assert {sample.labels["queue"]: sample.value for sample in samples} == {"sales": 40.0, "support": 0.0}


def test_facts_that_are_in_memory_only_are_counted() -> None:
    (sample,) = gauges()["throughline_journal_unwritten_facts"].samples
    assert sample.value == 3
