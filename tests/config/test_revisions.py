"""What runs is a copy: whole, readable by everybody, and not touched by who edits."""

import os
import shutil
from pathlib import Path

import pytest

from config.loader import load
from config.revisions import KEPT, Revisions, keep_music

SHIPPED = Path(__file__).parents[2] / "config" / "center"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "center"))


def edit(center: Path, name: str) -> None:
    file = center / "center.yaml"
    file.write_text("\n".join([f"name: {name}", *file.read_text().split("\n")]).replace("\nname: ", "\n#name: ", 1))


def test_a_kept_revision_loads_as_what_it_was_made_of(edited: Path, tmp_path: Path) -> None:
    center = load(edited)
    copy = Revisions(tmp_path / "revisions").keep(center)
    (edited / "agents.yaml").write_text("nonsense: [")
    assert load(copy).revision == center.revision == copy.name


def test_what_runs_is_what_was_made_current_last(edited: Path, tmp_path: Path) -> None:
    revisions = Revisions(tmp_path / "revisions")
    assert revisions.current is None
    copy = revisions.keep(load(edited))
    revisions.make_current(copy.name)
    assert revisions.current == copy
    revisions.make_current(copy.name)
    assert Revisions(tmp_path / "revisions").current == copy


def test_a_copy_is_readable_by_the_servers_account_whatever_the_files_were(edited: Path, tmp_path: Path) -> None:
    for path in (edited, *edited.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    copy = Revisions(tmp_path / "revisions").keep(load(edited))
    assert all(path.stat().st_mode & 0o004 for path in copy.rglob("*"))


def test_old_revisions_go_and_the_current_one_stays(edited: Path, tmp_path: Path) -> None:
    revisions = Revisions(tmp_path / "revisions")
    for number in range(KEPT + 3):
        edit(edited, f"Center {number}")
        copy = revisions.keep(load(edited))
        os.utime(copy, (number, number))
        revisions.make_current(copy.name)
    assert len([path for path in (tmp_path / "revisions").iterdir() if not path.is_symlink()]) == KEPT
    assert revisions.current == copy


def test_a_copy_that_was_interrupted_is_made_anew(edited: Path, tmp_path: Path) -> None:
    revisions, center = Revisions(tmp_path / "revisions"), load(edited)
    half = tmp_path / "revisions" / f".{center.revision}-{os.getpid()}"
    half.mkdir(parents=True)
    (half / "center.yaml").write_text("half")
    assert load(revisions.keep(center)).revision == center.revision
    assert not half.exists()


def test_music_stays_where_it_is_until_its_sound_changes(edited: Path, tmp_path: Path) -> None:
    first = keep_music(load(edited).music, tmp_path / "music")
    edit(edited, "Another name")
    assert keep_music(load(edited).music, tmp_path / "music") == first
    next(iter((edited / "music" / "default").glob("*.wav"))).unlink()
    assert keep_music(load(edited).music, tmp_path / "music") != first
    assert first["default"].is_dir()
