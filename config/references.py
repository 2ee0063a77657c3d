"""What the files say of each other: every name that is used must exist, and no number may be given twice."""

from collections.abc import Collection, Iterator, Mapping
from ipaddress import IPv4Network

from pydantic_core import PydanticCustomError

from config.addresses import parse_network
from config.document import Document, Keys
from config.errors import ConfigError

REFERENCES: tuple[tuple[str, Keys, str], ...] = (
    ("center", ("numbers", "*", "flow"), "flow"),
    ("center", ("language",), "language of prompts"),
    ("center", ("unattended", "ring", "*"), "agent"),
    ("queues", ("*", "strategy"), "strategy"),
    ("queues", ("*", "music"), "music class"),
    ("queues", ("*", "hours"), "opening hours"),
    ("agents", ("*", "queues", "*"), "queue"),
)


def broken_references(
    documents: Mapping[str, Document], known: Mapping[str, Collection[str] | None]
) -> Iterator[ConfigError]:
    """Faults of names that do not exist; a kind whose names are None is not checked."""
    for file, pattern, kind in REFERENCES:
        names = known[kind]
        for path, name in documents[file].find(pattern):
            if names is not None and isinstance(name, str) and name not in names:
                yield documents[file].unknown(path, kind, name, names)


def missing_default_music(queues: Document, music: Collection[str]) -> Iterator[ConfigError]:
    """Faults of queues that rely on the music class `default` where there is none."""
    for path, queue in queues.find(("*",)):
        if "default" not in music and isinstance(queue, dict) and "music" not in queue:
            remedy = "Put a recording in music/default/, or name another class with `music:`."
            yield queues.error(path, "would play the music class `default`, which does not exist", remedy)


def repeated_numbers(center: Document, agents: Document) -> Iterator[ConfigError]:
    """Faults of extensions that two agents share, or that are also a number of the center."""
    taken = {str(path[-1]): "a number in center.yaml" for path, _ in center.find(("numbers", "*"))}
    for path, written in agents.find(("*", "extension")):
        extension = str(written)
        if owner := taken.get(extension):
            yield agents.error(path, f"is {extension}, already {owner}", "Give each a number of its own.")
        taken.setdefault(extension, f"the extension of {path[0]}")


def shared_hosts(center: Document) -> Iterator[ConfigError]:
    """Faults of addresses that are in two trunks: a call from there would be of either."""
    taken: list[tuple[str, IPv4Network]] = []
    for path, written in center.find(("trunks", "*", "hosts", "*")):
        if (network := _network(written)) is None:
            continue
        owner = next((name for name, other in taken if name != path[1] and network.overlaps(other)), None)
        if owner:
            yield center.error(path, f"is {network}, which is also in the trunk {owner}", "Give each address to one.")
        taken.append((str(path[1]), network))


def _network(written: object) -> IPv4Network | None:
    try:
        return parse_network(written)
    except PydanticCustomError:
        return None
