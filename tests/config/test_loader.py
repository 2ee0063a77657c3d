"""The whole center: the one that ships loads, a spoilt one gives all its faults, nothing gives a traceback."""

import dataclasses
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import ConfigError, ConfigErrors
from config.loader import load

SHIPPED = Path(__file__).parents[2] / "config" / "center"
FAULTS = [
    ("center.yaml", "name: Harbour Lane Outdoor", "name: 7", "is `7`, which is not text"),
    ("center.yaml", "language: en", "langauge: en", "Did you mean `language`?"),
    ("center.yaml", "timezone: Europe/London", "timezone: Europe/Londn", "Did you mean `Europe/London`?"),
    ("center.yaml", "network: loopback", "network: local", "not a choice here"),
    ("center.yaml", "1000: {flow: welcome}", "1000: {flow: welcom}", "Did you mean `welcome`?"),
    ("queues.yaml", "strategy: longest_idle", "strategy: longest-idle", "Did you mean `longest_idle`?"),
    ("queues.yaml", "ring_time: 20 s", "ring_time: 20 seconds", "not a duration"),
    ("queues.yaml", "wrap_up: 10 s", "wrap_up: 1 h", "outside its limits"),
    ("queues.yaml", "music: default", "music: jazz", "names the music class `jazz`"),
    ("queues.yaml", "service_level: 20 s", "service_level: 0x14", "programs read as different values"),
    ("queues.yaml", "title: Support", "titel: Support", "Did you mean `title`?"),
    ("queues.yaml", "support:", "support:", "is missing"),
    ("queues.yaml", "service_level: 30 s", "hours: office", "names the opening hours `office`"),
    ("agents.yaml", "ana:", "Ana:", "is not a login"),
    ("agents.yaml", "extension: 2002", "extension: 2001", "already the extension of Ana"),
    ("agents.yaml", "queues: [support]", "queues: [suport]", "Did you mean `support`?"),
    ("agents.yaml", "title: Carla Mensah", "title: [Carla]", "is a list, which is not text"),
    ("agents.yaml", "extension: 2004", "extension: 02004", "programs read as different values"),
    ("hours.yaml", 'mon-fri: ["09:00-12:30", "13:30-18:00"]', 'mon-fri: ["09:00-13:45", "13:30-18:00"]', "overlap"),
    ("hours.yaml", 'sat: ["10:00-16:00"]', 'sat: ["16:00-10:00"]', "ends before it begins"),
    ("hours.yaml", "2026-12-25: Christmas Day", "2026-12-24: Christmas Day", "is written twice"),
    ("flows/welcome.yaml", "end: {type: hangup}", "end: {type: hangup", "is not valid YAML"),
    ("prompts/en/prompts.yaml", "invalid: ", "invalld: ", "has no recording"),
]


def all_faults(directory: Path) -> ConfigErrors:
    with pytest.raises(ConfigErrors) as wrong:
        load(directory, {"longest_idle"})
    return wrong.value


def test_the_shipped_center_loads() -> None:
    center = load(SHIPPED, {"longest_idle"})
    assert (center.name, center.language, center.timezone) == ("Harbour Lane Outdoor", "en", ZoneInfo("Europe/London"))
    assert {number: answer.flow for number, answer in center.numbers.items()} == {"1000": "welcome"}
    assert list(center.queues) == ["sales", "support"]
    assert {name: agent.extension for name, agent in center.agents.items()} == {
        "ana": "2001",
        "bruno": "2002",
        "carla": "2003",
        "david": "2004",
    }
    assert set(center.flows) == {"welcome"}
    assert center.music["default"]
    assert len(center.revision) == 12


def test_the_shipped_flow_names_prompts_and_queues_that_exist() -> None:
    center = load(SHIPPED)
    flow = center.flows["welcome"].document
    prompts = {value for field in ("prompt", "no_input_prompt") for _, value in flow.find(("nodes", "*", field))}
    assert prompts <= set(center.prompts["en"])
    assert {value for _, value in flow.find(("nodes", "*", "queue"))} == set(center.queues)


def test_a_loaded_center_cannot_be_changed(shipped: Path) -> None:
    center = load(shipped)
    with pytest.raises(dataclasses.FrozenInstanceError):
        center.name = "Other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        center.queues["new"] = center.queues["sales"]  # type: ignore[index]


def test_loading_twice_gives_the_same(shipped: Path) -> None:
    first, second = load(shipped), load(shipped)
    assert (first.revision, first.queues, first.hours) == (second.revision, second.queues, second.hours)


def test_hours_follow_the_center_unless_they_have_a_zone(shipped: Path) -> None:
    assert load(shipped).hours["shop"].timezone == ZoneInfo("Europe/London")
    text = (shipped / "hours.yaml").read_text().replace("shop:", "shop:\n  timezone: Asia/Tokyo", 1)
    (shipped / "hours.yaml").write_text(text)
    assert load(shipped).hours["shop"].timezone == ZoneInfo("Asia/Tokyo")


def test_strategies_are_only_checked_when_they_are_known(shipped: Path) -> None:
    assert load(shipped).queues["sales"].strategy == "longest_idle"
    with pytest.raises(ConfigErrors, match="names the strategy `longest_idle`"):
        load(shipped, {"ring_all"})


def test_the_smallest_center(tmp_path: Path) -> None:
    (tmp_path / "center.yaml").write_text("name: Small\ntimezone: UTC\n")
    center = load(tmp_path)
    assert (center.numbers, center.queues, center.agents, center.flows, center.prompts) == ({}, {}, {}, {}, {})


@pytest.mark.parametrize("directory", ["nowhere", "empty"])
def test_a_folder_that_holds_no_center(tmp_path: Path, directory: str) -> None:
    (tmp_path / "empty").mkdir()
    (error,) = all_faults(tmp_path / directory).errors
    assert (error.file, error.line) == ("center.yaml", 1)


def test_files_that_would_be_passed_over_are_told(shipped: Path) -> None:
    (shipped / "queue.yaml").touch()
    (shipped / "agents.yml").touch()
    assert [(e.file, e.remedy.split("?")[0]) for e in all_faults(shipped).errors] == [
        ("agents.yml", "Did you mean `agents.yaml`"),
        ("queue.yaml", "Did you mean `queues.yaml`"),
    ]


def test_a_broken_file_does_not_make_references_to_it_wrong(shipped: Path) -> None:
    (shipped / "queues.yaml").write_text("sales: [")
    (shipped / "hours.yaml").write_text("\t")
    assert [error.file for error in all_faults(shipped).errors] == ["hours.yaml", "queues.yaml"]


def test_many_planted_faults_are_all_found_in_one_go_at_their_lines(shipped: Path) -> None:
    planted = [(file, _plant(shipped / file, right, wrong), words) for file, right, wrong, words in FAULTS]
    (shipped / "music" / "default" / "silence.wav").write_bytes(b"no sound")
    planted += [
        ("music/default/silence.wav", 1, "sox silence.wav -r 8000 -c 1 -b 16"),
        (
            "prompts/en/prompts.yaml",
            _line(shipped / "prompts/en/prompts.yaml", "welcome"),
            "Add the line `invalid: ...`",
        ),
    ]
    errors = all_faults(shipped).errors
    missed = [
        (file, line, words)
        for file, line, words in planted
        if not any((error.file, error.line) == (file, line) and words in str(error) for error in errors)
    ]
    assert missed == []
    assert len(errors) == len(planted)


def _plant(path: Path, right: str, wrong: str) -> int:
    line = _line(path, right)
    lines = path.read_text().splitlines()
    lines[line - 1] = lines[line - 1].replace(right, wrong)
    path.write_text("\n".join(lines) + "\n")
    return line


def _line(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if line.strip().startswith(text))


FILES = st.sampled_from(
    ["center.yaml", "queues.yaml", "agents.yaml", "hours.yaml", "flows/welcome.yaml", "prompts/en/prompts.yaml"]
)
WORDS = ["name", "timezone", "numbers", "1000", "flow", "sales", "title", "ring_time", "20 s", "ana", "extension"]
WORDS += ["queues", "shop", "week", "mon-fri", "holidays", "2026-12-25", "open", "09:00-12:30", "welcome", "Europe"]
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(WORDS))
KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=5))
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)


def _faults(directory: Path) -> tuple[ConfigError, ...]:
    try:
        load(directory)
    except ConfigErrors as wrong:
        return wrong.errors
    return ()


def _with(directory: Path, file: str, content: bytes) -> None:
    before = (directory / file).read_bytes()
    try:
        (directory / file).write_bytes(content)
        faults = _faults(directory)
    finally:
        (directory / file).write_bytes(before)
    assert all(fault.line >= 1 and fault.remedy and str(fault).count("\n") == 1 for fault in faults)


@settings(max_examples=80, deadline=None)
@given(file=FILES, text=st.text(max_size=60))
def test_any_text_in_any_file_loads_or_gives_errors(file: str, text: str, spoilt: Path) -> None:
    _with(spoilt, file, text.encode())


@settings(max_examples=150, deadline=None)
@given(file=FILES, tree=TREES)
def test_any_tree_in_any_file_loads_or_gives_errors(file: str, tree: object, spoilt: Path) -> None:
    _with(spoilt, file, _yaml(tree).encode())


def _yaml(tree: object) -> str:
    match tree:
        case dict():
            return "{" + ", ".join(f"{_yaml(key)}: {_yaml(value)}" for key, value in tree.items()) + "}"
        case list():
            return "[" + ", ".join(map(_yaml, tree)) + "]"
        case str() if tree not in WORDS:
            return '"' + "".join(c if c.isalnum() else f"\\u{min(ord(c), 0xFFFF):04x}" for c in tree) + '"'
    return str(tree)
