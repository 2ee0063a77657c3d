"""Flow files are found by name and handed on unopened."""

from pathlib import Path

from config.files import CenterFiles
from config.flows import read_flows


def test_flows_go_by_their_file_names(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "after-hours.yaml").write_text("start: here\nanything: [goes]\n")
    (tmp_path / "flows" / "README.md").touch()
    files = CenterFiles(tmp_path)
    flow = read_flows(files)["after-hours"]
    assert (flow.name, flow.document.file) == ("after-hours", "flows/after-hours.yaml")
    assert flow.document.line_of(("anything", 0)) == 2
    assert files.errors == []


def test_names_that_cannot_be_flows_are_errors(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    for name in ("welcome.yml", "Two Words.yaml", "fine.yaml"):
        (tmp_path / "flows" / name).write_text("start: a")
    files = CenterFiles(tmp_path)
    read_flows(files)
    assert [error.file for error in files.errors] == ["flows/Two Words.yaml", "flows/welcome.yml"]


def test_a_flow_that_is_not_yaml_is_an_error_and_still_a_flow(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "welcome.yaml").write_text("start: a\nnodes: {")
    files = CenterFiles(tmp_path)
    assert list(read_flows(files)) == ["welcome"]
    assert [(error.file, error.line) for error in files.errors] == [("flows/welcome.yaml", 2)]
