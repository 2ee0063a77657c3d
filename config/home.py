"""Where the state lives, and who the servers run as: never root."""

import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ELSEWHERE = Path("/var/tmp")  # noqa: S108 - the one place that outlives a restart and that everybody reaches


class HomeError(Exception):
    """The state cannot live where it should; words for a person."""


@dataclass(frozen=True)
class Account:
    """A user of this machine by numbers."""

    uid: int
    gid: int

    def can_reach(self, path: Path) -> bool:
        """Whether every existing folder from / down to `path` lets this account through."""
        return all(self._may_enter(folder) for folder in (path, *path.parents) if folder.exists())

    def _may_enter(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def server_account() -> Account | None:
    """The account to switch to for servers: `nobody` when we are root, None when they run as ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def state_home(project: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for all state: $THROUGHLINE_HOME, else `project`/var, else one under /var/tmp when the
    servers' account cannot reach the project.

    The folder is not made. Raises HomeError when somebody else made the one under /var/tmp."""
    if chosen := environment.get("THROUGHLINE_HOME"):
        return Path(chosen).expanduser().absolute()
    home = project.resolve() / "var"
    account = server_account()
    if account is None or account.can_reach(home):
        return home
    return _own(ELSEWHERE / f"throughline-{sha256(os.fsencode(project.resolve())).hexdigest()[:8]}")


def why_moved(project: Path, home: Path) -> str | None:
    """What to tell a person whose state is not in the project though she did not ask for that."""
    if not home.is_relative_to(ELSEWHERE) or home.is_relative_to(project.resolve()):
        return None
    return (
        f"State is in {home}: we are root, servers run as `nobody`, and `nobody` cannot enter "
        f"{project}. Run as an ordinary user, or set THROUGHLINE_HOME, to have it elsewhere."
    )


def _own(home: Path) -> Path:
    # Anybody may make folders in /var/tmp, and software is run from this one.
    if home.is_symlink() or (home.exists() and home.stat().st_uid != os.geteuid()):
        raise HomeError(f"{home} was made by somebody else: remove it, or set THROUGHLINE_HOME.")
    return home
