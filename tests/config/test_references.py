"""Names that files use of each other exist, and numbers are given once."""

from collections.abc import Collection

import pytest

from config.document import Document, parse_document
from config.references import broken_references, missing_default_music, repeated_numbers, shared_hosts

KNOWN: dict[str, Collection[str] | None] = {
    "flow": ["welcome"],
    "language of prompts": ["en"],
    "strategy": ["longest_idle", "ring_all"],
    "music class": ["default"],
    "opening hours": ["shop"],
    "queue": ["sales", "support"],
    "agent": ["ana"],
}
TEXTS = {
    "center": "language: {en}\nnumbers:\n  1000: {{flow: {welcome}}}\nunattended:\n  ring: [{ana}]",
    "queues": "sales:\n  strategy: {ring_all}\n  music: {default}\n  hours: {shop}",
    "agents": "ana:\n  queues:\n  - sales\n  - {support}",
}
RIGHT = {name: name for name in ("en", "welcome", "ring_all", "default", "shop", "support", "ana")}


def documents(**changed: str) -> dict[str, Document]:
    return {file: parse_document(text.format(**RIGHT | changed), f"{file}.yaml") for file, text in TEXTS.items()}


def test_names_that_exist_are_right() -> None:
    assert list(broken_references(documents(), KNOWN)) == []


@pytest.mark.parametrize(
    ("changed", "line", "field", "kind", "remedy"),
    [
        ("welcome", 3, "center.numbers.1000.flow", "flow", "Known: welcome."),
        ("en", 1, "center.language", "language of prompts", "Known: en."),
        ("ana", 5, "center.unattended.ring.0", "agent", "Known: ana."),
        ("ring_all", 2, "queues.sales.strategy", "strategy", "Known: longest_idle, ring_all."),
        ("default", 3, "queues.sales.music", "music class", "Known: default."),
        ("shop", 4, "queues.sales.hours", "opening hours", "Known: shop."),
        ("support", 4, "agents.ana.queues.1", "queue", "Known: sales, support."),
    ],
)
def test_a_name_that_does_not_exist(changed: str, line: int, field: str, kind: str, remedy: str) -> None:
    (error,) = broken_references(documents(**{changed: "zz"}), KNOWN)
    assert (error.line, error.field, error.remedy) == (line, field, remedy)
    assert error.problem == f"names the {kind} `zz`, which does not exist"
    assert list(broken_references(documents(**{changed: "zz"}), KNOWN | {kind: None})) == []


def test_what_is_no_text_is_left_to_the_schema() -> None:
    broken = {"center": parse_document("numbers: [{flow: 1}]", "center.yaml")}
    empty = {file: parse_document("", f"{file}.yaml") for file in ("queues", "agents")}
    assert list(broken_references(broken | empty, KNOWN)) == []


def test_queues_that_rely_on_default_music_need_it() -> None:
    queues = parse_document("a: {title: A}\nb: {music: jazz}\nc: 1\nd: {title: D}", "queues.yaml")
    assert [error.line for error in missing_default_music(queues, ["jazz"])] == [1, 4]
    assert list(missing_default_music(queues, ["default"])) == []


def test_a_number_is_given_once() -> None:
    center = parse_document("numbers:\n  1000: {flow: a}\n", "center.yaml")
    agents = parse_document(
        'ana: {extension: 2001}\nbruno: {extension: "2001"}\ncarla:\n  extension: 1000\ndavid: {extension: 2004}',
        "agents.yaml",
    )
    assert [(error.line, error.problem) for error in repeated_numbers(center, agents)] == [
        (2, "is 2001, already the extension of ana"),
        (4, "is 1000, already a number in center.yaml"),
    ]


def test_an_address_belongs_to_one_trunk() -> None:
    center = parse_document(
        "trunks:\n  a:\n    hosts: [192.0.2.0/28, zz, 7]\n  b:\n    hosts:\n    - 198.51.100.1\n    - 192.0.2.3\n",
        "center.yaml",
    )
    (error,) = shared_hosts(center)
    assert (error.line, error.field) == (7, "center.trunks.b.hosts.1")
    assert error.problem == "is 192.0.2.3/32, which is also in the trunk a"
