"""Builds the pages when their sources have changed: `python -m bridge.web.build`. Only the first needs the network."""

import fcntl
import gzip
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bridge.web.node import BuildError, Node, find_or_install
from bridge.web.pages import BUILT

WEB: Final = Path(__file__).parent
STAMP: Final = "sources.sha256"
SOURCES: Final = (
    "docs.html",
    "index.html",
    "package-lock.json",
    "package.json",
    "public",
    "src",
    "tsconfig.json",
    "vite.config.ts",
)
# What is written from the API for the compiler alone (types.py).
GENERATED: Final = WEB / "src" / "server" / "schema.d.ts"


def build(report: Callable[[str], None], web: Path = WEB, built: Path = BUILT) -> None:
    """Have the pages in `built` as their sources are; returns at once when they are. Raises BuildError."""
    with _alone(web):
        sources = digest(web / name for name in SOURCES)
        if _stamp(built / STAMP) != sources:
            report("Building the pages ...")
            _build(_install(report, web), web, built, sources)


def install(report: Callable[[str], None], web: Path = WEB) -> Node:
    """Node, with exactly the packages of the lock file beside the sources. Raises BuildError."""
    with _alone(web):
        return _install(report, web)


def _install(report: Callable[[str], None], web: Path) -> Node:
    node, lock, stamp = find_or_install(), digest([web / "package-lock.json"]), web / "node_modules" / STAMP
    if _stamp(stamp) != lock:
        report("Fetching what the pages are built with ...")
        node.run("npm", "ci", "--ignore-scripts", within=web)
        stamp.write_text(lock)
    return node


def digest(places: Iterable[Path]) -> str:
    """One for all that lies there, by names and contents."""
    whole = hashlib.sha256()
    for path in sorted(path for place in places for path in (place, *place.rglob("*"))):
        if path.is_file() and path != GENERATED:
            whole.update(f"{path.name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return whole.hexdigest()


def _stamp(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


def _build(node: Node, web: Path, built: Path, sources: str) -> None:
    """What is served stays as it is until the new one is complete."""
    fresh = built.with_name(f"{built.name}.new")
    node.run("npm", "run", "build", "--", "--outDir", str(fresh), "--emptyOutDir", within=web)
    _pack(fresh)
    (fresh / STAMP).write_text(sources)
    shutil.rmtree(built, ignore_errors=True)
    fresh.rename(built)


def _pack(built: Path) -> None:
    """Packs once what would be packed for each browser."""
    for file in (built / "assets").glob("*.[cj]s*"):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))


@contextmanager
def _alone(web: Path) -> Iterator[None]:
    with (web / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Builds, and says why when that fails."""
    try:
        build(lambda words: print(words, flush=True))
    except (BuildError, OSError) as error:
        print(f"The pages could not be built; calls are served all the same.\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
