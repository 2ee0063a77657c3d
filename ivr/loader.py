"""From a flow's file to a checked Flow, or every reason why it is none.

Faults are sought in what was written rather than in what could be made of it, so that no fault hides another."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from config.checking import checked
from config.document import Document, Keys
from config.errors import ConfigError, ConfigErrors, refuse, shown, suggestion
from config.fields import Name
from config.flows import FlowSource
from config.loader import Center
from config.schema import Section
from ivr.flow import Flow
from ivr.nodes import NODES
from ivr.nodes.base import Node
from ivr.paths import circles, unreached

MOST_NODES: Final = 1000
_MOST_SHOWN: Final = 6

Types = Mapping[str, str]
Exits = Mapping[str, Mapping[str, str]]


def _counted(nodes: dict[str, Any]) -> dict[str, Any]:
    if not 1 <= len(nodes) <= MOST_NODES:
        refuse(f"holds {len(nodes)} nodes", f"Write from 1 to {MOST_NODES}.")
    return nodes


class _FlowFile(Section):
    start: str
    nodes: Annotated[dict[Name, Any], AfterValidator(_counted)]


class _Typed(Section, extra="ignore"):
    type: str


def load_flows(center: Center) -> Mapping[str, Flow]:
    """Every flow of a center by its name. Raises ConfigErrors with all faults of all flows."""
    errors: list[ConfigError] = []
    loaded = [_flow(source, center, errors) for source in center.flows.values()]
    if errors:
        raise ConfigErrors(errors)
    return {flow.name: flow for flow in loaded if flow}


def _flow(source: FlowSource, center: Center, errors: list[ConfigError]) -> Flow | None:
    document = source.document
    file = checked(_FlowFile, document, errors)
    exits = _exits(document)
    types = {name: found for name in exits if (found := _type(document, name, errors))}
    made = ((name, checked(NODES[kind], document, errors, ("nodes", name))) for name, kind in types.items())
    nodes = {name: node for name, node in made if node}
    errors += _faults(document, types, exits, center)
    return Flow(source.name, center.revision, file.start, nodes) if file else None


def _exits(document: Document) -> Exits:
    """Every node that is written, and of its exits those that are text; the others are the schema's to refuse."""
    nodes = document.at(("nodes",))
    written = nodes.items() if isinstance(nodes, dict) and len(nodes) <= MOST_NODES else ()
    return {name: _texts(node.get("exits")) if isinstance(node, dict) else {} for name, node in written}


def _texts(exits: object) -> Mapping[str, str]:
    written = exits.items() if isinstance(exits, dict) else ()
    return {exit: target for exit, target in written if isinstance(target, str)}


def _type(document: Document, name: str, errors: list[ConfigError]) -> str | None:
    path: Keys = ("nodes", name)
    if (typed := checked(_Typed, document, errors, path)) is None:
        return None
    if typed.type not in NODES:
        errors.append(document.unknown((*path, "type"), "node type", typed.type, NODES))
        return None
    return typed.type


def _faults(document: Document, types: Types, exits: Exits, center: Center) -> Iterator[ConfigError]:
    for name, kind in types.items():
        yield from _wrong_names(document, name, kind, center)
    yield from _restless(document, types, exits)
    misled = [*_misled(document, exits), *_wrong_exits(document, types)]
    yield from misled or _unreached(document, exits)


def _wrong_names(document: Document, name: str, kind: str, center: Center) -> Iterator[ConfigError]:
    language = center.language
    known = {"prompt": (f"{language} prompt", center.prompts.get(language, {})), "queue": ("queue", center.queues)}
    for field, named in NODES[kind].names.items():
        path: Keys = ("nodes", name, field)
        words, names = known[named]
        if isinstance(written := document.at(path), str) and written not in names:
            yield document.unknown(path, words, written, names)


def _wrong_exits(document: Document, types: Types) -> Iterator[ConfigError]:
    """Exits that a node must have and does not, or has and never takes."""
    for name, kind in types.items():
        path: Keys = ("nodes", name, "exits")
        exits, required = document.at(path), NODES[kind].required_exits
        written = exits if isinstance(exits, dict) else {}
        for exit in (each for each in required if each not in written):
            yield document.error(path, f"has no exit `{exit}`", f"Add `{exit}:` and the node that comes next.")
        for exit in (each for each in written if not NODES[kind].possible_exit(each)):
            remedy = suggestion(exit, required) if required else "It has no exits."
            yield document.error((*path, exit), f"is no exit of the node type `{kind}`", remedy)


def _misled(document: Document, exits: Exits) -> Iterator[ConfigError]:
    """A start and exits that name no node."""
    start = document.at(("start",))
    if exits and isinstance(start, str) and start not in exits:
        yield document.unknown(("start",), "node", start, exits)
    for name, ways in exits.items():
        for exit in (each for each, target in ways.items() if target not in exits):
            yield document.unknown(("nodes", name, "exits", exit), "node", ways[exit], exits)


def _restless(document: Document, types: Types, exits: Exits) -> Iterator[ConfigError]:
    """Circles in which nobody is waited for, and which would therefore never end."""
    ways = {name: _at_once(NODES[kind], exits[name]) for name, kind in types.items()}
    for circle in circles(ways):
        rest = ["..."] if len(circle) > _MOST_SHOWN else []
        round_trip = " -> ".join([*map(shown, circle[:_MOST_SHOWN]), *rest, shown(circle[0])])
        remedy = "Put a `menu` on the way, or lead one of these exits elsewhere."
        problem = f"leads back to itself without waiting for the caller: {round_trip}"
        yield document.error(("nodes", circle[0]), problem, remedy)


def _at_once(type: type[Node], exits: Mapping[str, str]) -> list[str]:
    return [target for exit, target in exits.items() if type.possible_exit(exit) and not type.waits(exit)]


def _unreached(document: Document, exits: Exits) -> Iterator[ConfigError]:
    start = document.at(("start",))
    if isinstance(start, str):
        for name in unreached({name: ways.values() for name, ways in exits.items()}, start):
            yield document.error(("nodes", name), "is never reached", "Lead an exit to it, or remove it.")
