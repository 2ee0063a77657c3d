"""A state directory has one run at a time, and gets its center whole or not at all."""

import os
import shutil
from pathlib import Path

import pytest

from bridge.cli._place import SHIPPED, Here, alone, first_center, prepare, runner, told
from config.errors import ConfigError, ConfigErrors


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix != ".md")


@pytest.fixture
def place(home: Path) -> Here:
    return prepare(print)


def test_a_second_run_is_refused_and_told_of_the_first(place: Here, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(place), pytest.raises(SystemExit) as refused, alone(place):
        pass
    assert refused.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Throughline already runs on {place.instance.home}, process {os.getpid()}.\n")
    assert "--take-over" in said


def test_the_refused_one_does_not_take_the_first_ones_name(place: Here) -> None:
    with alone(place):
        with pytest.raises(SystemExit), alone(place):
            pass
        assert runner(place) == os.getpid()


def test_who_was_noted_and_is_gone_runs_no_more(place: Here) -> None:
    assert runner(place) is None
    with alone(place):
        assert runner(place) == os.getpid()
    assert place.instance.lock.read_text() == f"{os.getpid()}\n"
    assert runner(place) is None


def test_the_first_center_is_the_shipped_one_without_its_notes(place: Here) -> None:
    told_of: list[str] = []
    first_center(place, told_of.append)
    assert names(place.center) == names(SHIPPED)
    assert not list(place.center.rglob("*.md"))
    assert str(place.center) in told_of[0]


def test_a_copy_that_broke_off_is_not_taken_for_a_center(place: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copy2

    def breaks_off(source: str, target: str) -> object:
        if source.endswith("queues.yaml"):
            raise KeyboardInterrupt
        return copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil.copytree, "__defaults__", (False, None, breaks_off, False, False))
        with pytest.raises(KeyboardInterrupt):
            first_center(place, print)
    assert not place.center.exists()
    first_center(place, print)
    assert names(place.center) == names(SHIPPED)


def test_an_own_center_is_left_as_it_is(place: Here) -> None:
    place.center.mkdir()
    first_center(place, print)
    assert names(place.center) == []


def test_faults_are_told_in_words_with_their_count(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), told():
        raise ConfigErrors([ConfigError("queues.yaml", 1, "sales", "is odd", "Mend it.")])
    assert capsys.readouterr().err == "queues.yaml:1: sales is odd.\n  Mend it.\n\n1 fault in the center.\n"


def test_a_file_of_another_user_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), told():
        raise PermissionError(13, "Permission denied", "/state/master.key")
    assert capsys.readouterr().err.startswith("/state/master.key: Permission denied. Run as the user")
