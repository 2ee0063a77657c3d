"""The folder of a center: absent files, hidden files, and its revision."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.files import CenterFiles


def test_an_absent_file_is_empty_unless_it_is_required(tmp_path: Path) -> None:
    files = CenterFiles(tmp_path)
    assert files.read("hours.yaml").data is None
    assert files.errors == []
    files.read("center.yaml", required=True)
    assert [error.file for error in files.errors] == ["center.yaml"]


def test_a_dangling_link_is_not_taken_for_absent(tmp_path: Path) -> None:
    files = CenterFiles(tmp_path)
    (tmp_path / "queues.yaml").symlink_to(tmp_path / "nowhere")
    files.read("queues.yaml")
    assert [error.file for error in files.errors] == ["queues.yaml"]


def test_hidden_files_and_backups_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", ".a.yaml.swp", "a.yaml~"):
        (tmp_path / name).touch()
    assert [path.name for path in CenterFiles(tmp_path).listed("")] == ["a.yaml", "b.yaml"]
    assert CenterFiles(tmp_path).listed("flows") == ()


def test_names_that_are_no_text_can_be_printed(tmp_path: Path) -> None:
    files = CenterFiles(tmp_path)
    files.fault(tmp_path / "caf\udce9.yaml", "is odd", "Rename it.")
    assert files.errors[0].file == "caf?.yaml"


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda center: (center / "queues.yaml").write_text("sales: {title: Vendas}"),
        lambda center: (center / "flows" / "new.yaml").touch(),
        lambda center: (center / "flows" / "welcome.yaml").rename(center / "flows" / "hello.yaml"),
        lambda center: (center / "agents.yaml").unlink(),
        lambda center: (center / "music" / "default" / "silence.wav").write_bytes(b"noise"),
    ],
)
def test_every_change_of_a_file_changes_the_revision(shipped: Path, change: Change) -> None:
    before = CenterFiles(shipped).revision()
    change(shipped)
    assert CenterFiles(shipped).revision() != before


def test_the_revision_is_short_and_stable(shipped: Path) -> None:
    before = CenterFiles(shipped).revision()
    (shipped / ".git").mkdir()
    (shipped / ".git" / "HEAD").write_text("ref")
    (shipped / "queues.yaml").touch()
    assert CenterFiles(shipped).revision() == before
    assert len(before) == 12
