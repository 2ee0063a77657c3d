"""One YAML file as plain data that remembers its lines: the strict part of YAML that people write by hand."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from config.errors import ConfigError, shown, suggestion

Keys: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool | None"

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_SYNTAX = "Compare with the lines around it: indent with spaces, put `: ` after names, close quotes and brackets."


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, the faults met while reading it, and where each part of it stands.

    `file` is relative to the center; `data` is None when the file is empty or could not be read.
    Keys of mappings are always text.
    """

    file: str
    data: Plain
    errors: tuple[ConfigError, ...] = ()
    lines: Mapping[Keys, int] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def readable(self) -> bool:
        return self.data is not None or not self.errors

    def line_of(self, path: Keys) -> int:
        """The line (from 1) of the value at `path`, or of the nearest part of the file around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, path: Keys, problem: str, remedy: str) -> ConfigError:
        """A fault of the value at `path`; `problem` continues the field's name, without a full stop."""
        return ConfigError(self.file, self.line_of(path), dotted(self.file, path), problem, remedy)

    def unknown(self, path: Keys, kind: str, name: str, known: Iterable[str]) -> ConfigError:
        """The fault of naming a queue, flow, prompt... that does not exist."""
        return self.error(path, f"names the {kind} {shown(name)}, which does not exist", suggestion(name, known))

    def at(self, path: Keys) -> Plain:
        """The value at `path`, or None."""
        data = self.data
        for key in path:
            data = dict(_items(data)).get(key)
        return data

    def find(self, pattern: Keys) -> Iterator[tuple[Keys, Plain]]:
        """Every path, with its value, that fits `pattern`, where "*" is any one key or index."""
        yield from _find(self.data, pattern, ())


def _find(data: Plain, pattern: Keys, path: Keys) -> Iterator[tuple[Keys, Plain]]:
    if not pattern:
        yield path, data
        return
    for key, value in _items(data):
        if pattern[0] in ("*", key):
            yield from _find(value, pattern[1:], (*path, key))


def _items(data: Plain) -> Iterable[tuple[str | int, Plain]]:
    match data:
        case dict():
            return data.items()
        case list():
            return enumerate(data)
    return ()


def dotted(file: str, path: Keys) -> str:
    """`queues.sales.ring_time` for the path ("sales", "ring_time") in queues.yaml."""
    keys = (shown(key).strip("`") for key in path)
    return ".".join([*PurePosixPath(file).with_suffix("").parts, *keys])


def read_document(path: Path, file: str) -> Document:
    """Read one file. Faults never raise: they are in `errors` of the document."""
    if not path.is_file():
        return _unreadable(file, 1, "is not there as a file", "Every center has it: copy the one that ships.")
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(file, 1, f"cannot be read: {error.strerror}", "Make it a readable file.")
    if len(content) > MAX_BYTES:
        return _unreadable(file, 1, "is larger than 1 MiB", "Split it; no file of a center needs to be so long.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _unreadable(file, line, "is not UTF-8 text", "Save the file with the encoding UTF-8.")
    return parse_document(text, file)


def parse_document(text: str, file: str) -> Document:
    """Parse the text of one file. Faults never raise: they are in `errors` of the document."""
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.Composer = _PlainComposer
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        return _unreadable(file, _line(error), *_explain(error))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return _unreadable(file, line, "holds a control character", "Remove it, or save the file as plain text.")
    return _Reading(file).document(root)


def _unreadable(file: str, line: int, problem: str, remedy: str) -> Document:
    return Document(file, None, (ConfigError(file, line, dotted(file, ()), problem, remedy),))


def _line(error: MarkedYAMLError) -> int:
    unclosed = any(words in str(error.problem) for words in ("end of stream", "<stream end>"))
    mark = error.context_mark if unclosed and error.context_mark else error.problem_mark
    return mark.line + 1 if mark else 1


def _explain(error: MarkedYAMLError) -> tuple[str, str]:
    if isinstance(error, _NotPlain):
        return str(error.problem), str(error.note)
    if isinstance(error, MaxDepthExceededError):
        return "is nested too deeply", f"Use at most {MAX_DEPTH} levels."
    problem = " ".join(str(error.problem or error.context).split())
    if "'\\t'" in problem:
        return "is indented with a tab", "Use spaces: YAML allows no tabs there."
    return f"is not valid YAML ({problem})", _SYNTAX


class _NotPlain(ComposerError):
    """Valid YAML, but of the part that hides more than it tells."""


class _PlainComposer(Composer):
    """Refuses anchors, aliases and tags before they are followed, so that no file can grow or run anything."""

    def compose_node(self, parent: object, index: object) -> Node:
        event = self.parser.peek_event()
        if getattr(event, "anchor", None) is not None:
            problem, note = "uses an anchor or alias (`&` or `*`)", "Write the value out, or put it in quotes."
            raise _NotPlain(None, None, problem, event.start_mark, note)
        if getattr(event, "ctag", None) is not None:
            problem, note = "uses a YAML tag (`!`)", "Leave the tag out; put text in quotes."
            raise _NotPlain(None, None, problem, event.start_mark, note)
        node: Node = super().compose_node(parent, index)
        return node


class _Reading:
    """Turns nodes into plain data, noting lines and collecting faults on the way."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[Keys, int] = {}
        self._errors: list[ConfigError] = []

    def document(self, root: Node | None) -> Document:
        data = None if root is None else self._value(root, ())
        return Document(self._file, data, tuple(self._errors), MappingProxyType(self._lines))

    def _value(self, node: Node, path: Keys) -> Plain:
        self._lines.setdefault(path, node.start_mark.line + 1)
        match node:
            case MappingNode():
                return dict(self._entries(node, path))
            case SequenceNode():
                return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _entries(self, node: MappingNode, path: Keys) -> Iterator[tuple[str, Plain]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._key(key_node, path, line)
            if key is None:
                continue
            if key in seen:
                self._fault(line, (*path, key), "is written twice", "Keep one of the two.")
                continue
            seen.add(key)
            self._lines[(*path, key)] = line
            yield key, self._value(value_node, (*path, key))

    def _key(self, node: Node, path: Keys, line: int) -> str | None:
        if not isinstance(node, ScalarNode):
            self._fault(line, path, "has a list or mapping as a name", "Write a plain name before the colon.")
            return None
        text = str(node.value)
        if _kind(node) not in ("str", "timestamp") and not _INTEGER.fullmatch(text):
            self._fault(line, (*path, text), "is not read as text", f'Put it in quotes: "{text[:40]}".')
        return text

    def _scalar(self, node: Node, path: Keys) -> Plain:
        text = str(node.value)
        match _kind(node):
            case "null":
                return None
            case "bool" if text.lower() in ("true", "false"):
                return text.lower() == "true"
            case "int" if _INTEGER.fullmatch(text):
                return int(text)
            case "float" if (number := _finite(text)) is not None:
                return number
            case "int" | "float" | "bool":
                problem = f"is {shown(text)}, which programs read as different values"
                self._fault(self._lines[path], path, problem, "Put it in quotes, or write a plain decimal number.")
        return text

    def _fault(self, line: int, path: Keys, problem: str, remedy: str) -> None:
        self._errors.append(ConfigError(self._file, line, dotted(self._file, path), problem, remedy))


def _kind(node: Node) -> str:
    return str(node.tag).rpartition(":")[2]


def _finite(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
