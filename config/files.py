"""The folder of a center while it is being loaded: its files, and the faults found in them so far."""

import hashlib
from pathlib import Path

from config.document import Document, dotted, read_document
from config.errors import ConfigError


class CenterFiles:
    """Reads files below `root`; every fault, of whatever file, is gathered in `errors`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.errors: list[ConfigError] = []

    def read(self, file: str, *, required: bool = False) -> Document:
        """One YAML file; an absent one that is not required is empty."""
        path = self.root / file
        there = required or path.exists() or path.is_symlink()
        document = read_document(path, file) if there else Document(file, None)
        self.errors += document.errors
        return document

    def listed(self, folder: str) -> tuple[Path, ...]:
        """What lies in a folder, in order of name, without hidden files and editors' backups."""
        directory = self.root / folder
        if not directory.is_dir():
            return ()
        try:
            return tuple(sorted(path for path in directory.iterdir() if _visible(path.name)))
        except OSError as error:
            self.fault(directory, f"cannot be listed: {error.strerror}", "Make the folder readable.")
            return ()

    def name(self, path: Path) -> str:
        """The path relative to the center, as errors print it."""
        return "".join(c if c.isprintable() else "?" for c in path.relative_to(self.root).as_posix())

    def fault(self, path: Path, problem: str, remedy: str) -> None:
        """Add the fault of a whole file or folder."""
        file = self.name(path)
        self.errors.append(ConfigError(file, 1, dotted(file, ()), problem, remedy))

    def revision(self) -> str:
        """A short hash that changes with the name or content of any file of the center."""
        content = hashlib.sha256()
        for path in self._all():
            try:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError as error:
                self.fault(path, f"cannot be read: {error.strerror}", "Make it readable, or move it out of the center.")
                continue
            content.update(f"{self.name(path)}\0{digest}\n".encode())
        return content.hexdigest()[:12]

    def _all(self) -> list[Path]:
        files = (path for path in self.root.rglob("*") if path.is_file())
        return sorted(path for path in files if all(map(_visible, path.relative_to(self.root).parts)))


def _visible(name: str) -> bool:
    return not name.startswith(".") and not name.endswith("~")
