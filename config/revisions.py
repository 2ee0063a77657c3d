"""Revisions: the center as it was each time it was applied. One of them runs, never files half edited."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from config.loader import Center

KEPT: Final = 20
_READABLE: Final = {True: 0o755, False: 0o644}


class Revisions:
    """Copies of the center in `folder`/<revision>, and the link `folder`/current to the one that runs.

    Copies are readable by everybody: the servers run as another account."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._link = folder / "current"

    @property
    def current(self) -> Path | None:
        """The folder of the revision that runs, if there has been one."""
        return self._link.resolve() if self._link.exists() else None

    def keep(self, center: Center) -> Path:
        """Copies a center; returns the copy, which is the same for the same content."""
        copy = self._folder / center.revision
        if not copy.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            _copy(center.directory, copy)
        return copy

    def make_current(self, revision: str) -> None:
        """From now on this one runs; old ones beyond the newest twenty are removed."""
        fresh = self._link.with_name(f"current-{os.getpid()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(revision)
        fresh.replace(self._link)
        (self._folder / revision).touch()
        self._remove_old()

    def _remove_old(self) -> None:
        copies = [path for path in self._folder.iterdir() if path.is_dir() and not path.is_symlink()]
        for old in sorted(copies, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
            shutil.rmtree(old)


def keep_music(music: Mapping[str, tuple[Path, ...]], folder: Path) -> dict[str, Path]:
    """A folder for each class of music, named by its content: who waits hears on, whatever is applied meanwhile."""
    return {name: _kept(name, files, folder) for name, files in music.items()}


def _kept(name: str, files: Iterable[Path], folder: Path) -> Path:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    kept = folder / f"{name}-{digest.hexdigest()[:12]}"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _copy(next(iter(files)).parent, kept)
    return kept


def _copy(source: Path, target: Path) -> None:
    """All or nothing: a copy that was interrupted never has the final name."""
    half = target.with_name(f".{target.name}-{os.getpid()}")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(source, half, copy_function=shutil.copyfile)
    for path in (half, *half.rglob("*")):
        path.chmod(_READABLE[path.is_dir()])
    half.rename(target)
