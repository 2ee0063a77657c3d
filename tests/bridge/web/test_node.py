"""Which Node the pages are built with."""

from pathlib import Path

import pytest

from bridge.web.node import BuildError, Node, find_or_install, on_path, version


def pretend(folder: Path, told: str) -> str:
    """A folder with a node that tells this version, and an npm."""
    for name in ("node", "npm"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {told}\n")
        program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("told", "fits"), [("v20.19.0", True), ("v24.1.0", True), ("v20.18.9", False), ("what", False)]
)
def test_the_hosts_node_is_used_when_it_is_new_enough(tmp_path: Path, told: str, fits: bool) -> None:
    assert (on_path(pretend(tmp_path, told)) is not None) is fits


def test_a_node_without_npm_is_none(tmp_path: Path) -> None:
    (Path(pretend(tmp_path, "v22.0.0")) / "npm").unlink()
    assert on_path(str(tmp_path)) is None


def test_what_cannot_be_run_has_no_version(tmp_path: Path) -> None:
    assert version(str(tmp_path / "gone")) == (0, 0)


def test_the_first_node_of_the_path_that_fits_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", pretend(tmp_path, "v22.12.0"))
    assert find_or_install() == Node(tmp_path)


def test_a_command_that_fails_tells_what_it_said(tmp_path: Path) -> None:
    node = Node(tmp_path)
    assert node.run("sh", "-c", "echo $PATH", within=tmp_path).startswith(f"{tmp_path}:")
    with pytest.raises(BuildError, match="out of order"):
        node.run("sh", "-c", "echo out of order; exit 3", within=tmp_path)
