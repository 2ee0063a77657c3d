"""What one start of Asterisk says on its console and in its log, and what of it explains a failure."""

import re
from pathlib import Path

FILES = ("console.log", "messages.log")
PORT_TAKEN = re.compile(r"Address already in use|already bound", re.IGNORECASE)
FATAL = re.compile(r"denied|no space|unable to open (?!AMI)|exiting|fatal|cannot open", re.IGNORECASE)


class Console:
    """The lines that come after this object is made, in the files of one log folder."""

    def __init__(self, folder: Path) -> None:
        self._from = {file: _size(file) for file in (folder / name for name in FILES)}

    def lines(self) -> list[str]:
        """Everything said since, without empty lines."""
        said = (_text(file, start) for file, start in self._from.items())
        return [line for text in said for line in text.splitlines() if line.strip()]

    def ports_taken(self) -> list[str]:
        """The lines about addresses that another program holds; Asterisk itself goes on without them."""
        return [line for line in self.lines() if PORT_TAKEN.search(line)]

    def explanation(self, length: int = 12) -> str:
        """The line that most likely tells the cause, and the last lines."""
        lines = self.lines()
        causes = self.ports_taken() or [line for line in lines if FATAL.search(line)]
        return "\n".join([*causes[-1:], f"The last lines of {' and '.join(FILES)}:", *lines[-length:]])


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _text(file: Path, start: int) -> str:
    if not file.exists():
        return ""
    with file.open("rb") as stream:
        stream.seek(start)
        return stream.read().decode(errors="replace")
