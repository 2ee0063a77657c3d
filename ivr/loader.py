"""From a flow's file to a checked Flow, or every reason why it is none."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from config.checking import checked
from config.document import Document, Keys, Plain
from config.errors import ConfigError, ConfigErrors, suggestion
from config.loader import Center
from config.schema import Section
from ivr.flow import Flow
from ivr.nodes import NODES
from ivr.nodes.base import Node


class _FlowFile(Section):
    start: str
    nodes: Annotated[dict[str, Any], Field(min_length=1)]


def load_flows(center: Center) -> Mapping[str, Flow]:
    """Every flow of a center by its name. Raises ConfigErrors with all faults of all flows."""
    errors: list[ConfigError] = []
    flows = {
        name: flow for name, source in center.flows.items() if (flow := _load(name, source.document, center, errors))
    }
    if errors:
        raise ConfigErrors(errors)
    return flows


def _load(name: str, document: Document, center: Center, errors: list[ConfigError]) -> Flow | None:
    file = checked(_FlowFile, document, errors)
    if file is None:
        return None
    nodes = {
        key: node for key, written in file.nodes.items() if (node := _node(document, key, written, errors)) is not None
    }
    errors.extend(_faults(document, file, nodes, center))
    return Flow(name, center.revision, file.start, nodes)


def _node(document: Document, name: str, written: Plain, errors: list[ConfigError]) -> Node | None:
    path: Keys = ("nodes", name)
    if not isinstance(written, dict) or not isinstance(kind := written.get("type"), str):
        errors.append(document.error(path, "has no type", f"Add `type:`. {suggestion('', NODES)}"))
        return None
    if kind not in NODES:
        errors.append(document.unknown((*path, "type"), "node type", kind, NODES))
        return None
    return checked(NODES[kind], document, errors, path)


def _faults(document: Document, file: _FlowFile, nodes: Mapping[str, Node], center: Center) -> Iterator[ConfigError]:
    if file.start not in file.nodes:
        yield document.unknown(("start",), "node", file.start, file.nodes)
    for name, node in nodes.items():
        yield from _wrong_exits(document, name, node, file.nodes)
        yield from _wrong_names(document, name, node, center)
    if len(nodes) == len(file.nodes):
        yield from _unreachable(document, file.start, nodes)


def _wrong_exits(document: Document, name: str, node: Node, known: Mapping[str, Any]) -> Iterator[ConfigError]:
    path: Keys = ("nodes", name, "exits")
    for exit in node.required_exits:
        if exit not in node.exits:
            yield document.error(path, f"has no exit `{exit}`", f"Add `{exit}:` and the node that comes next.")
    for exit, target in node.exits.items():
        if not node.possible_exit(exit):
            remedy = suggestion(exit, node.required_exits) if node.required_exits else "It has no exits."
            yield document.error((*path, exit), f"is no exit of the node type `{node.type}`", remedy)
        if target not in known:
            yield document.unknown((*path, exit), "node", target, known)


def _wrong_names(document: Document, name: str, node: Node, center: Center) -> Iterator[ConfigError]:
    prompts = center.prompts.get(center.language, {})
    for field, prompt in node.prompts():
        if prompt not in prompts:
            yield document.unknown(("nodes", name, field), "prompt", prompt, prompts)
    for field, queue in node.queues():
        if queue not in center.queues:
            yield document.unknown(("nodes", name, field), "queue", queue, center.queues)


def _unreachable(document: Document, start: str, nodes: Mapping[str, Node]) -> Iterator[ConfigError]:
    reached, ahead = set[str](), [start]
    while ahead:
        if (name := ahead.pop()) in nodes and name not in reached:
            reached.add(name)
            ahead.extend(nodes[name].exits.values())
    for name in nodes:
        if name not in reached:
            remedy = "Lead an exit of another node to it, or remove it."
            yield document.error(("nodes", name), "is never reached", remedy)
