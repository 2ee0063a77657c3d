"""Where the state lives: in the project, where it was told to, or where servers can reach it."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from config import home
from config.home import Account, HomeError, server_account, state_home, why_moved

STRANGER = Account(uid=54321, gid=54321)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(home, "ELSEWHERE", tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> Callable[[Account], None]:
    return lambda account: monkeypatch.setattr(home, "server_account", lambda: account)


def test_an_ordinary_user_has_the_state_in_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "server_account", lambda: None)
    assert state_home(project, {}) == project / "var"
    assert why_moved(project, project / "var") is None


def test_the_environment_moves_it(project: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "chosen"
    assert state_home(project, {"THROUGHLINE_HOME": str(chosen)}) == chosen
    assert why_moved(project, chosen) is None


def test_root_keeps_it_in_the_project_where_servers_can_enter(
    project: Path, as_root: Callable[[Account], None]
) -> None:
    as_root(Account(os.getuid(), os.getgid()))
    assert state_home(project, {}) == project / "var"


def test_root_moves_it_where_servers_can_enter_and_says_so(project: Path, as_root: Callable[[Account], None]) -> None:
    project.chmod(0o700)
    as_root(STRANGER)
    moved = state_home(project, {})
    assert moved == state_home(project, {})
    assert re.fullmatch(r"throughline-[0-9a-f]{8}", moved.name)
    assert moved.parent == home.ELSEWHERE
    assert str(moved) in (why_moved(project, moved) or "")


def test_two_projects_have_two_homes(project: Path, tmp_path: Path, as_root: Callable[[Account], None]) -> None:
    project.chmod(0o700)
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    as_root(STRANGER)
    assert state_home(project, {}) != state_home(other, {})


def test_a_home_that_is_a_link_of_somebody_is_refused(project: Path, as_root: Callable[[Account], None]) -> None:
    project.chmod(0o700)
    as_root(STRANGER)
    state_home(project, {}).symlink_to(project)
    with pytest.raises(HomeError, match="somebody else"):
        state_home(project, {})


@pytest.mark.parametrize(("mode", "reached"), [(0o755, True), (0o711, True), (0o700, False), (0o770, False)])
def test_an_account_needs_every_folder_open(tmp_path: Path, mode: int, reached: bool) -> None:
    # The folders of pytest are closed; only the last one is looked at here.
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    assert STRANGER._may_enter(folder) is reached


def test_a_closed_folder_above_closes_all_below(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "open").mkdir(parents=True)
    closed.chmod(0o700)
    assert not STRANGER.can_reach(closed / "open" / "not there yet")
    assert STRANGER.can_reach(Path("/usr/bin"))


def test_servers_are_never_root() -> None:
    account = server_account()
    assert (account is None) == (os.geteuid() != 0)
    assert account is None or account.uid != 0
