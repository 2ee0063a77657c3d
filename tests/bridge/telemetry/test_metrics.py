"""What Prometheus reads: families that follow its conventions, with labels that stay few and tell of nobody."""

from pathlib import Path
from typing import Final

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bridge.status import AgentStatus, Status
from bridge.telemetry.metrics import Metrics
from telephony.acd.standing import Standing
from telephony.events import ContactArrived
from tests.bridge.facts_of_calls import a_call
from tests.fakes.clock import VirtualClock, on_virtual_time, run
from tests.playbook.center import build
from tests.playbook.fake_stage import fake_stage
from tests.playbook.scenarios.talks import talk_and_agent_hangs_up

UNITS: Final = ("_seconds", "_total", "_bytes", "_info", "_facts", "_fds")
COUNTS_OF_THINGS: Final = {
    "throughline_agents",
    "throughline_asterisk_connected",
    "throughline_contacts_active",
    "throughline_leg_mos",
    "throughline_queue_waiting",
}


def status() -> Status:
    return Status(
        revision="r",
        ari=True,
        ami=False,
        waiting={"sales": 2, "support": 0},
        agents={
            "ana": AgentStatus("available", True),
            "bruno": AgentStatus("available", True, "wrap_up", Standing.WRAP_UP),
            "carla": AgentStatus("away", False, "", Standing.AWAY),
            "david": AgentStatus("available", False, "", Standing.PHONE),
            "eve": AgentStatus("available", True, "a call of her own", Standing.OWN_CALL),
        },
        facts=120,
        projected=100,
        set_aside=3,
        failures={"calls": 1},
    )


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(VirtualClock(), status, lambda _: None)


def families(metrics: Metrics) -> dict[str, Metric]:
    text, content_type = metrics.exposition()
    assert content_type.startswith("text/plain; version=")
    return {family.name: family for family in text_string_to_metric_families(text.decode())}


def value(metrics: Metrics, name: str, **labels: str) -> float:
    (found,) = [
        sample.value
        for family in families(metrics).values()
        for sample in family.samples
        if sample.name == name and sample.labels == labels
    ]
    return found


def play_a_call(metrics: Metrics) -> None:
    for fact in a_call(agent="ana", customer="+4930123456", name="Ada Lovelace"):
        metrics.follow(fact)


@on_virtual_time
async def test_a_parser_reads_all_of_it_and_each_family_is_explained(metrics: Metrics) -> None:
    play_a_call(metrics)
    for name, family in families(metrics).items():
        assert family.documentation, name
        assert family.type in {"counter", "gauge", "histogram"}, name


@on_virtual_time
async def test_names_follow_the_conventions(metrics: Metrics) -> None:
    play_a_call(metrics)
    for name, family in families(metrics).items():
        assert name.startswith(("throughline_", "process_")), name
        told = f"{name}_total" if family.type == "counter" else name
        assert told.endswith(UNITS) or name in COUNTS_OF_THINGS, told


@on_virtual_time
async def test_no_label_tells_of_a_customer_an_agent_or_an_id(metrics: Metrics) -> None:
    for _ in range(50):
        play_a_call(metrics)
    text = metrics.exposition()[0].decode()
    for secret in ("4930123456", "Ada", "Lovelace", "ana", "bruno"):
        assert f'"{secret}' not in text
    once, before = text.count("\n"), set(families(metrics))
    play_a_call(metrics)
    assert metrics.exposition()[0].decode().count("\n") == once
    assert set(families(metrics)) == before


@on_virtual_time
async def test_the_standing_is_read_when_it_is_scraped(metrics: Metrics) -> None:
    assert value(metrics, "throughline_asterisk_connected", interface="ari") == 1
    assert value(metrics, "throughline_asterisk_connected", interface="ami") == 0
    assert value(metrics, "throughline_queue_waiting", queue="sales") == 2
    assert value(metrics, "throughline_queue_oldest_wait_seconds", queue="support") == 0
    for state in ("free", "wrap_up", "away", "phone", "own_call"):
        assert value(metrics, "throughline_agents", state=state) == 1
    assert value(metrics, "throughline_agents", state="offered") == 0
    assert value(metrics, "throughline_projector_lag_facts") == 20
    assert value(metrics, "throughline_facts_set_aside_total") == 3
    assert value(metrics, "throughline_task_failures_total", owner="calls") == 1


@on_virtual_time
async def test_commands_are_timed_by_operation(metrics: Metrics) -> None:
    metrics.command("POST channels/{channelId}/answer", 0.003)
    of = {"operation": "POST channels/{channelId}/answer"}
    assert value(metrics, "throughline_asterisk_command_seconds_count", **of) == 1
    assert value(metrics, "throughline_asterisk_command_seconds_bucket", **of, le="0.0025") == 0
    assert value(metrics, "throughline_asterisk_command_seconds_bucket", **of, le="0.005") == 1


@on_virtual_time
async def test_two_controllers_of_one_process_count_apart() -> None:
    first, second = Metrics(VirtualClock(), status, lambda _: None), Metrics(VirtualClock(), status, lambda _: None)
    first.follow(ContactArrived(contact_id="c", medium="voice", address="1000", customer=""))
    assert value(first, "throughline_contacts_arrived_total", medium="voice") == 1
    assert "throughline_contacts_arrived_total{" not in second.exposition()[0].decode()


@on_virtual_time
async def test_a_late_event_loop_is_noticed() -> None:
    metrics = Metrics(VirtualClock(), status, lambda _: None)
    metrics.late(0.2)
    assert value(metrics, "throughline_event_loop_lag_seconds_count") == 1
    assert value(metrics, "throughline_event_loop_lag_seconds_bucket", le="0.1") == 0
    assert value(metrics, "throughline_event_loop_lag_seconds_bucket", le="0.25") == 1


def test_a_controller_counts_the_calls_that_it_serves(tmp_path: Path) -> None:
    async def act() -> None:
        async with fake_stage(build(tmp_path / "center")) as play:
            await talk_and_agent_hangs_up(play)
            await play.settles()
            served = value(play.app.metrics, "throughline_contacts_ended_total", medium="voice", outcome="served")
            commands = families(play.app.metrics)["throughline_asterisk_command_seconds"].samples
            lags = value(play.app.metrics, "throughline_event_loop_lag_seconds_count")
            scores = value(play.app.metrics, "throughline_leg_mos_count", party="caller")
            connected = value(play.app.metrics, "throughline_asterisk_connected", interface="ari")
        assert (served, scores, connected) == (1, 1, 1)
        assert lags > 5
        assert {sample.labels["operation"] for sample in commands} >= {"POST channels/{channelId}/dial"}

    run(act())
