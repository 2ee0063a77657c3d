"""A center is read as a whole: no fault of one file hides those of another."""

import shutil
from pathlib import Path

import pytest

from bridge.center import read_center
from config.errors import ConfigErrors

SHIPPED = Path(__file__).parents[2] / "config" / "center"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "center"))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def faults(center: Path) -> list[str]:
    with pytest.raises(ConfigErrors) as raised:
        read_center(center)
    return [f"{error.file}: {error.field}" for error in raised.value.errors]


def test_the_shipped_center_has_a_flow_for_each_number() -> None:
    whole = read_center(SHIPPED)
    assert {number.flow for number in whole.center.numbers.values()} <= set(whole.flows)


def test_faults_of_flows_and_of_other_files_are_told_together(edited: Path) -> None:
    replace(edited / "agents.yaml", "queues: [support]", "queues: [suport]")
    replace(edited / "flows" / "welcome.yaml", "prompt: welcome", "prompt: welcom")
    assert faults(edited) == [
        "agents.yaml: agents.carla.queues.0",
        "flows/welcome.yaml: flows.welcome.nodes.welcome.prompt",
    ]


def test_a_queue_with_a_fault_is_still_a_queue_to_the_flows(edited: Path) -> None:
    queues = edited / "queues.yaml"
    queues.write_text(queues.read_text().replace("title: Sales", "title: Sales\n  ring_time: soon", 1))
    assert faults(edited) == ["queues.yaml: queues.sales.ring_time"]
