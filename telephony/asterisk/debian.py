"""Debian packages with all they depend on, unpacked into a directory: no root, the host untouched."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from telephony.asterisk.apt import InstallError, PrivateApt, Report, run

LOCK = "packages.lock"


@dataclass(frozen=True)
class Unpacked:
    """A tree of unpacked packages, whose programs run by the tree's own loader and libraries."""

    root: Path

    def command(self, program: str) -> tuple[str, ...]:
        """The argv that starts `program`: a name in a bin folder, or a path inside the tree.

        Raises InstallError when the tree has no such program."""
        path = self._find(program)
        loaders = list(self.root.glob("usr/lib/*-linux-gnu/ld-linux-*.so.*"))
        if not loaders:
            return (str(path),)
        libraries = f"{loaders[0].parent}:{self.root / 'usr/lib'}"
        return (str(loaders[0]), "--library-path", libraries, str(path))

    def _find(self, program: str) -> Path:
        for folder in ("usr/sbin", "usr/bin", ""):
            if (path := self.root / folder / program).is_file():
                return path
        remedy = f"Remove {self.root.parent} and run again: it is then unpacked anew."
        raise InstallError(f"{program} is not in {self.root}.", remedy)


def unpack(packages: Sequence[str], into: Path, report: Report, suite: str = "forky") -> Unpacked:
    """Unpack `packages` of the host's Debian mirror into `into`/root, or return at once if that is done.

    `into` appears only when complete, with packages.lock (name, version, sha256) beside the root.
    Raises InstallError."""
    into = into.absolute()
    try:
        if not complete(into, packages):
            with _alone(into, report):
                _unpack(packages, into, report, suite)
    except OSError as error:
        what = f"Cannot install into {into}: {error}."
        remedy = "Make room or give the permission there, or set THROUGHLINE_HOME to another folder."
        raise InstallError(what, remedy) from error
    return Unpacked(into / "root")


def complete(into: Path, packages: Iterable[str]) -> bool:
    """Whether `unpack` of these has been done."""
    lock = into / LOCK
    return lock.is_file() and {line.split()[0] for line in lock.read_text().splitlines()} >= set(packages)


@contextmanager
def _alone(into: Path, report: Report) -> Iterator[None]:
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.with_name(f"{into.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"Another run is installing {into.name}: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unpack(packages: Sequence[str], into: Path, report: Report, suite: str) -> None:
    if complete(into, packages):
        return
    partial = into.with_name(f"{into.name}.partial")
    partial.mkdir(mode=0o700, exist_ok=True)
    archives = PrivateApt(partial / "apt", suite).download(packages, report)
    _extract(archives, partial / "root", report)
    (partial / LOCK).write_text("".join(_lock_line(archive) for archive in archives))
    shutil.rmtree(partial / "apt")
    shutil.rmtree(into, ignore_errors=True)
    partial.chmod(0o755)
    partial.rename(into)


def _extract(archives: Sequence[Path], root: Path, report: Report) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    report(f"Unpacking {len(archives)} packages")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda archive: run("dpkg-deb", "--extract", str(archive), str(root)), archives))
    # Unpacked by root, some programs would be set-user-id and some folders closed to the servers' user.
    run("chmod", "--recursive", "u=rwX,go=rX,ug-s", str(root))
    report(f"Unpacked {len(archives)} packages, {_megabytes(root)} MB")


def _megabytes(root: Path) -> int:
    return sum(path.lstat().st_size for path in root.rglob("*")) // 1_000_000


def _lock_line(archive: Path) -> str:
    name, version, _ = archive.name.split("_")
    with archive.open("rb") as content:
        return f"{name} {unquote(version)} {hashlib.file_digest(content, 'sha256').hexdigest()}\n"
