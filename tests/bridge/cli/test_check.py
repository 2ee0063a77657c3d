"""`throughline check` tells every fault of a center, to a person or to a program, and succeeds only without one."""

import json
import subprocess
import sys
from pathlib import Path

from bridge.cli._place import SHIPPED
from tests.bridge.cli.conftest import Throughline

BEYOND = "sales: {title: Sales, ring_time: 1s}\nsupport: {title: Support, strategy: fairest}\n"


def test_the_shipped_center_has_no_fault() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "bridge.cli", "check", str(SHIPPED)),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stderr == ""
    assert "4 agents; no fault (revision " in done.stdout


def test_the_center_that_is_run_is_the_one_that_is_checked(throughline: Throughline, center: Path) -> None:
    name = "name: Harbour of Hope"
    text = (center / "center.yaml").read_text().splitlines()
    (center / "center.yaml").write_text("\n".join(name if line.startswith("name:") else line for line in text))
    assert throughline("check").output.startswith("Harbour of Hope: ")


def test_before_the_first_run_the_shipped_one_is_checked_and_nothing_made(throughline: Throughline, home: Path) -> None:
    checked = throughline("check")
    assert checked.exit_code == 0
    assert "no fault" in checked.stdout
    assert list(home.iterdir()) == []


def test_a_person_reads_where_each_fault_is_and_what_to_do(throughline: Throughline, center: Path) -> None:
    (center / "queues.yaml").write_text(BEYOND)
    checked = throughline("check", str(center))
    assert checked.exit_code == 1
    assert checked.stdout == ""
    assert "queues.yaml:1: queues.sales.ring_time is" in checked.stderr
    assert "queues.yaml:2: queues.support.strategy" in checked.stderr
    assert checked.stderr.endswith("2 faults in the center.\n")


def test_a_program_reads_the_same_as_json(throughline: Throughline, center: Path) -> None:
    (center / "queues.yaml").write_text(BEYOND)
    checked = throughline("check", "--json", str(center))
    assert checked.exit_code == 1
    faults = json.loads(checked.stdout)
    assert [(fault["file"], fault["line"]) for fault in faults] == [("queues.yaml", 1), ("queues.yaml", 2)]
    assert all(fault.keys() == {"file", "line", "field", "problem", "remedy"} for fault in faults)


def test_a_program_reads_an_empty_list_where_there_is_no_fault(throughline: Throughline, center: Path) -> None:
    checked = throughline("check", "--json")
    assert (checked.exit_code, json.loads(checked.stdout)) == (0, [])


def test_faults_in_a_flow_are_told_as_well(throughline: Throughline, center: Path) -> None:
    (center / "flows" / "welcome.yaml").write_text("start: nowhere\nnodes: {bye: {type: hangup}}\n")
    checked = throughline("check")
    assert checked.exit_code == 1
    assert "flows/welcome.yaml:1: " in checked.stderr


def test_a_folder_that_is_not_there_is_no_center(throughline: Throughline, tmp_path: Path) -> None:
    checked = throughline("check", str(tmp_path / "nowhere"))
    assert checked.exit_code == 1
    assert "is no folder" in checked.stderr
    assert "Traceback" not in checked.output


def test_settings_that_cannot_be_used_are_told_in_words(throughline: Throughline) -> None:
    checked = throughline("check", THROUGHLINE_SIP="somewhere")
    assert checked.exit_code == 1
    assert "THROUGHLINE_SIP is `somewhere`" in checked.stderr
