"""Which Debian mirror this machine uses: read from its own apt sources, in both of their formats."""

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """One entry of apt's sources."""

    uri: str
    suites: frozenset[str]
    components: frozenset[str]
    signed_by: str

    def is_debian(self, suites: frozenset[str]) -> bool:
        """Whether this is Debian's main archive, and neither its security archive nor somebody else's."""
        signed = not self.signed_by or "debian-archive" in self.signed_by
        network = not self.uri.startswith("cdrom:")
        return signed and network and "main" in self.components and bool(self.suites & suites)


def debian_mirror(apt: Path = Path("/etc/apt")) -> str | None:
    """The URI of the first Debian archive among the sources under `apt`."""
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")
    suites = frozenset({codename, "stable", "testing", "unstable", "sid"})
    return next((source.uri for source in sources(apt) if source.is_debian(suites)), None)


def sources(apt: Path) -> Iterator[Source]:
    """Every enabled binary source under `apt`, in the order in which apt reads them."""
    parts = apt / "sources.list.d"
    for path in (apt / "sources.list", *sorted(parts.glob("*.list")), *sorted(parts.glob("*.sources"))):
        if path.is_file():
            text = re.sub(r"^[ \t]*#.*\n?", "", path.read_text(), flags=re.MULTILINE)
            yield from _deb822(text) if path.suffix == ".sources" else _one_line(text)


def _deb822(text: str) -> Iterator[Source]:
    for paragraph in re.split(r"\n\s*\n", text):
        fields = message_from_string(paragraph.strip())
        if "deb" in fields.get("Types", "").split() and fields.get("Enabled", "yes").lower() != "no":
            suites = frozenset(fields.get("Suites", "").split())
            components = frozenset(fields.get("Components", "").split())
            for uri in fields.get("URIs", "").split():
                yield Source(uri, suites, components, fields.get("Signed-By", ""))


_LINE = re.compile(r"^[ \t]*deb[ \t]+(?:\[([^\]]*)\][ \t]+)?(\S+)[ \t]+(\S+)[ \t]+(.+)$", re.MULTILINE)


def _one_line(text: str) -> Iterator[Source]:
    for options, uri, suite, components in _LINE.findall(text):
        key = re.search(r"signed-by=(\S+)", options)
        signed_by = key[1] if key else ""
        yield Source(uri, frozenset({suite}), frozenset(components.split()), signed_by)
