"""A center's folder as one checked, frozen value, or every reason why it is none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from config.audio import Prompt, read_music, read_prompts
from config.checking import checked, entries
from config.document import Document
from config.errors import ConfigError, ConfigErrors, suggestion
from config.files import CenterFiles
from config.flows import FlowSource, read_flows
from config.hours import Holiday, Hours
from config.references import broken_references, missing_default_music, repeated_numbers, shared_hosts
from config.schema import Agent, CenterSection, HoursSection, Nat, Network, Number, Queue, Trunk, UnattendedSection
from config.week import whole_week

FILES = ("center", "queues", "agents", "hours")
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Center:
    """Everything an administrator wrote, resolved; mappings are read-only and go by name.

    `prompts` goes by language, then name; `music` by class; `revision` changes with any file of the center.
    """

    directory: Path
    name: str
    language: str
    timezone: ZoneInfo
    network: Network
    numbers: Mapping[str, Number]
    queues: Mapping[str, Queue]
    agents: Mapping[str, Agent]
    hours: Mapping[str, Hours]
    flows: Mapping[str, FlowSource]
    prompts: Mapping[str, Mapping[str, Prompt]]
    music: Mapping[str, tuple[Path, ...]]
    revision: str
    nat: Nat | None = None
    trunks: Mapping[str, Trunk] = field(default_factory=lambda: MappingProxyType({}))
    unattended: UnattendedSection = field(default_factory=UnattendedSection)


def load(directory: Path, strategies: Collection[str] | None = None) -> Center:
    """Load and check a center; `strategies`, when given, are the routing strategies that queues may name.

    Raises ConfigErrors with all faults of all files.
    """
    center, errors = inspect(directory, strategies)
    if errors or center is None:
        raise ConfigErrors(errors)
    return center


def inspect(
    directory: Path, strategies: Collection[str] | None = None
) -> tuple[Center | None, tuple[ConfigError, ...]]:
    """All faults of a center, and what of it could be read: enough to look for the faults of its flows too.

    A center with faults is never to be run: entries that are wrong stand in it by name only."""
    files = CenterFiles(directory.absolute())
    center = _Loading(files).center(strategies)
    return center, tuple(files.errors)


class _Loading:
    """The parts of a center, each read once, before they are known to fit together."""

    def __init__(self, files: CenterFiles) -> None:
        self._files = files
        self._documents = {name: files.read(f"{name}.yaml", required=name == "center") for name in FILES}
        self._section = checked(CenterSection, self._documents["center"], files.errors)
        self._queues = entries(Queue, self._documents["queues"], files.errors)
        self._agents = entries(Agent, self._documents["agents"], files.errors)
        self._hours = entries(HoursSection, self._documents["hours"], files.errors)
        self._flows = read_flows(files)
        self._prompts = read_prompts(files)
        self._music = read_music(files)

    def center(self, strategies: Collection[str] | None) -> Center | None:
        self._check_files()
        self._check_references(strategies)
        revision = self._files.revision()
        return self._center(self._section, revision) if self._section else None

    def _center(self, section: CenterSection, revision: str) -> Center:
        return Center(
            directory=self._files.root,
            name=section.name,
            language=section.language,
            timezone=section.timezone,
            network=section.network,
            numbers=_frozen(section.numbers),
            queues=_frozen(self._all_queues()),
            agents=_frozen(self._agents),
            hours=_frozen(self._all_hours(section.timezone)),
            flows=_frozen(self._flows),
            prompts=_frozen({language: _frozen(prompts) for language, prompts in self._prompts.items()}),
            music=_frozen(self._music),
            revision=revision,
            nat=section.nat,
            trunks=_frozen(section.trunks),
            unattended=section.unattended,
        )

    def _all_queues(self) -> dict[str, Queue]:
        wrong = {name: Queue.model_construct(name=name, title=name) for name in _names(self._documents["queues"]) or ()}
        return wrong | self._queues

    def _all_hours(self, timezone: ZoneInfo) -> dict[str, Hours]:
        wrong = {name: Hours(name, timezone, ((),) * 7, {}) for name in _names(self._documents["hours"]) or ()}
        return wrong | {name: _hours(part, timezone) for name, part in self._hours.items()}

    def _check_files(self) -> None:
        for path in self._files.listed(""):
            if path.suffix in (".yaml", ".yml") and path.name not in {f"{name}.yaml" for name in FILES}:
                known = suggestion(path.name, [f"{name}.yaml" for name in FILES])
                self._files.fault(path, "is a file that is not read", f"{known} Else remove it.")

    def _check_references(self, strategies: Collection[str] | None) -> None:
        documents = self._documents
        known = {
            "flow": self._flows,
            "language of prompts": self._prompts or None,
            "strategy": strategies,
            "music class": self._music,
            "opening hours": _names(documents["hours"]),
            "agent": _names(documents["agents"]),
            "queue": _names(documents["queues"]),
        }
        self._files.errors += broken_references(documents, known)
        self._files.errors += missing_default_music(documents["queues"], self._music)
        self._files.errors += shared_hosts(documents["center"])
        self._files.errors += repeated_numbers(documents["center"], documents["agents"])


def _names(document: Document) -> Collection[str] | None:
    """The names that a file defines, rightly or not; None when it cannot be told."""
    if not document.readable:
        return None
    return document.data if isinstance(document.data, dict) else ()


def _hours(section: HoursSection, timezone: ZoneInfo) -> Hours:
    holidays = {day: Holiday(holiday.name, holiday.open) for day, holiday in section.holidays.items()}
    return Hours(section.name, section.timezone or timezone, whole_week(section.week), _frozen(holidays))


def _frozen(mapping: Mapping[K, V]) -> Mapping[K, V]:
    return MappingProxyType(dict(mapping))
