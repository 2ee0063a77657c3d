"""From a flow's file to a checked Flow, or every reason why it is none.

Faults are sought in what was written rather than in what could be made of it, so that no fault hides another."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator

from config.checking import checked
from config.document import Document, Keys
from config.errors import ConfigError, ConfigErrors, refuse, shown, suggestion
from config.fields import Name
from config.flows import FlowSource
from config.loader import Center
from config.schema import Section
from ivr.expression import Scope
from ivr.flow import Flow
from ivr.nodes import NODES
from ivr.nodes.base import Node, Written
from ivr.paths import carried, circles, unreached

MOST_NODES: Final = 1000
MOST_VARIABLES: Final = 100
_MOST_SHOWN: Final = 6

Types = Mapping[str, str]
Exits = Mapping[str, Mapping[str, str]]
Writes = Mapping[str, frozenset[str]]


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
    writes = {name: frozenset(NODES[kind].variables(_written(document, name))) for name, kind in types.items()}
    scopes = _scopes(exits, writes)
    made = (
        (name, checked(NODES[kind], document, errors, ("nodes", name), scopes[name])) for name, kind in types.items()
    )
    nodes = {name: node for name, node in made if node}
    errors += [*_too_many(document, writes), *_faults(document, types, exits, center)]
    return Flow(source.name, center.revision, file.start, nodes) if file else None


def _exits(document: Document) -> Exits:
    """Every node that is written, and of its exits those that are text; the others are the schema's to refuse."""
    nodes = document.at(("nodes",))
    names = nodes if isinstance(nodes, dict) and len(nodes) <= MOST_NODES else ()
    return {name: _texts(_written(document, name).get("exits")) for name in names}


def _written(document: Document, name: str) -> Written:
    node = document.at(("nodes", name))
    return node if isinstance(node, dict) else {}


def _scopes(exits: Exits, writes: Writes) -> Mapping[str, Scope]:
    """The variables that each node's expressions may use. Where ways lead astray, all of the flow's."""
    every = frozenset[str]().union(*writes.values())
    if len(every) > MOST_VARIABLES or any(target not in exits for ways in exits.values() for target in ways.values()):
        return dict.fromkeys(exits, Scope(every))
    before = carried({name: ways.values() for name, ways in exits.items()}, writes)
    return {name: Scope(known, every - known) for name, known in before.items()}


def _too_many(document: Document, writes: Writes) -> Iterator[ConfigError]:
    """Variables beyond count: all of them are kept at each node."""
    if (count := len(frozenset[str]().union(*writes.values()))) > MOST_VARIABLES:
        yield document.error(("nodes",), f"write {count} variables", f"Write {MOST_VARIABLES} at most.")


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
    known: Mapping[str, tuple[str, Collection[str]]] = {
        "prompt": (f"{language} prompt", center.prompts.get(language, {})),
        "queue": ("queue", center.queues),
        "hours": ("opening hours", center.hours),
    }
    for field, named in NODES[kind].names.items():
        path: Keys = ("nodes", name, field)
        words, names = known[named]
        if isinstance(written := document.at(path), str) and written not in names:
            yield document.unknown(path, words, written, names)


def _wrong_exits(document: Document, types: Types) -> Iterator[ConfigError]:
    """Exits that a node must have and does not, or has and never takes."""
    for name, kind in types.items():
        path: Keys = ("nodes", name, "exits")
        exits, node, type = document.at(path), _written(document, name), NODES[kind]
        led = exits if isinstance(exits, dict) else {}
        needed = type.needed_exits(node)
        for exit in (each for each in needed if each not in led):
            yield document.error(path, f"has no exit {shown(exit)}", f"Add `{exit}:` and the node that comes next.")
        for exit in (each for each in led if not type.possible_exit(each, node)):
            known = [*needed, *type.optional_exits]
            remedy = suggestion(exit, known) if known else "It has no exits."
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
    ways = {name: _at_once(NODES[kind], _written(document, name), exits[name]) for name, kind in types.items()}
    for circle in circles(ways):
        rest = ["..."] if len(circle) > _MOST_SHOWN else []
        round_trip = " -> ".join([*map(shown, circle[:_MOST_SHOWN]), *rest, shown(circle[0])])
        remedy = "Put a `menu` on the way, or lead one of these exits elsewhere."
        problem = f"leads back to itself without waiting for the caller: {round_trip}"
        yield document.error(("nodes", circle[0]), problem, remedy)


def _at_once(type: type[Node], written: Written, exits: Mapping[str, str]) -> list[str]:
    return [target for exit, target in exits.items() if type.possible_exit(exit, written) and not type.waits(exit)]


def _unreached(document: Document, exits: Exits) -> Iterator[ConfigError]:
    start = document.at(("start",))
    if isinstance(start, str):
        for name in unreached({name: ways.values() for name, ways in exits.items()}, start):
            yield document.error(("nodes", name), "is never reached", "Lead an exit to it, or remove it.")
