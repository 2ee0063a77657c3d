"""YAML as people write it: plain data, right lines, and an error for everything that hides."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.document import MAX_BYTES, Document, Plain, parse_document, read_document

NESTED = """\
sales:
  title: Sales

  # a comment
  open: [one,
    two]
support:
- title: Support
  queues:
    - 2001
"""


def read(content: bytes, directory: Path) -> Document:
    path = directory / "queues.yaml"
    path.write_bytes(content)
    return read_document(path, "queues.yaml")


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("# nothing but a comment", None),
        ("a: 1", {"a": 1}),
        ("a: 1.5", {"a": 1.5}),
        ("a: -3", {"a": -3}),
        ("a: true\nb: False", {"a": True, "b": False}),
        ("a: ~\nb:", {"a": None, "b": None}),
        ("a: yes\nb: no\nc: on", {"a": "yes", "b": "no", "c": "on"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 2026-12-25", {"a": "2026-12-25"}),
        ('a: "007"', {"a": "007"}),
        ("1000: x", {"1000": "x"}),
        ('"0800": x', {"0800": "x"}),
        ("2026-12-25: x", {"2026-12-25": "x"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("\ufeffa: 1", {"a": 1}),
        ("- a\n- {b: [c]}", ["a", {"b": ["c"]}]),
    ],
)
def test_plain_yaml_is_plain_data(text: str, data: Plain, tmp_path: Path) -> None:
    document = read(text.encode(), tmp_path)
    assert (document.data, document.errors) == (data, ())


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("sales",), 1),
        (("sales", "title"), 2),
        (("sales", "open"), 5),
        (("sales", "open", 1), 6),
        (("support",), 7),
        (("support", 0), 8),
        (("support", 0, "queues", 0), 10),
        (("support", 0, "missing", "deeper"), 8),
        (("nowhere",), 1),
    ],
)
def test_every_part_has_its_line_and_what_is_missing_has_its_neighbours(path: tuple[str | int, ...], line: int) -> None:
    assert parse_document(NESTED, "queues.yaml").line_of(path) == line


HOSTILE = [
    ("a: 1\n\tb: 2", 2, "is indented with a tab"),
    ("a: 1\nb: 2\na: 3", 3, "is written twice"),
    ("a: &x [1]\nb: *x", 1, "uses an anchor"),
    ("b: *x", 1, "uses an anchor"),
    ("a: 1\nb: &a\n  c: *a", 2, "uses an anchor"),
    ("a: 1\nb: !!python/object:os.system x", 2, "uses a YAML tag"),
    ("a: !mine {b: 1}", 1, "uses a YAML tag"),
    ("1: a\n01000: b", 2, "is not read as text"),
    ("1.5: a", 1, "is not read as text"),
    ("+4420: a", 1, "is not read as text"),
    ("0x10: a", 1, "is not read as text"),
    ("true: a", 1, "is not read as text"),
    ("<<: {a: 1}", 1, "is not read as text"),
    ("a: 02001", 1, "which programs read as different values"),
    ("a: 1_000", 1, "which programs read as different values"),
    ("a: .inf", 1, "which programs read as different values"),
    ("a: 1e999", 1, "which programs read as different values"),
    ("a: " + "9" * 5000, 1, "which programs read as different values"),
    ("%YAML 1.1\n---\na: yes", 3, "which programs read as different values"),
    ("x: 1\n? [a, b]\n: c", 2, "has a list or mapping as a name"),
    ("? {a: b}\n: c", 1, "has a list or mapping as a name"),
    ("a: 1\n--- \nb: 2", 2, "is not valid YAML"),
    ("a: 1\nb: [1, 2", 2, "is not valid YAML"),
    ("a: 1\nb: 'open\nc: 2\n", 2, "is not valid YAML"),
    ("a: b: c", 1, "is not valid YAML"),
    ("a: 1\nb: \x00", 2, "holds a control character"),
    ("[" * 5000, 1, "is nested too deeply"),
    ("{a: " * 40 + "1" + "}" * 40, 1, "is nested too deeply"),
    ("a:\n" + "".join(" " * n + "- \n" for n in range(1, 60)), 33, "is nested too deeply"),
]


@pytest.mark.parametrize(("text", "line", "problem"), HOSTILE)
def test_hostile_yaml_is_an_error_with_its_line(text: str, line: int, problem: str) -> None:
    (error,) = parse_document(text, "queues.yaml").errors
    assert (error.file, error.line) == ("queues.yaml", line)
    assert problem in error.problem
    assert error.remedy.endswith(".")


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"a: 1\nb: caf\xe9\n", 2, "is not UTF-8 text"),
        (b"\xff\xfea\x00", 1, "is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n", 1, "is not UTF-8 text"),
        (b"\x7fELF\x01\x01\x00", 1, "holds a control character"),
        (b"# " + b"x" * MAX_BYTES, 1, "is larger than 1 MiB"),
    ],
)
def test_files_that_are_no_text_are_refused(content: bytes, line: int, problem: str, tmp_path: Path) -> None:
    document = read(content, tmp_path)
    (error,) = document.errors
    assert (error.line, error.problem, document.readable) == (line, problem, False)


def test_what_is_no_file_is_an_error_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for name in ("pipe.yaml", "folder.yaml", "missing.yaml"):
        (error,) = read_document(tmp_path / name, name).errors
        assert error.problem == "is not there as a file"


def test_all_faults_of_a_file_are_found_and_the_rest_is_kept() -> None:
    document = parse_document("a: 1\na: 2\n007: x\nb: 0x1\n", "queues.yaml")
    assert [error.line for error in document.errors] == [2, 3, 4]
    assert document.data == {"a": 1, "007": "x", "b": "0x1"}
    assert document.readable


def test_errors_name_the_field_by_file_and_path() -> None:
    document = parse_document(NESTED, "flows/welcome.yaml")
    error = document.error(("support", 0, "title"), "is dull", "Brighten it.")
    assert (error.line, error.field) == (8, "flows.welcome.support.0.title")


def test_a_field_fits_on_one_line_whatever_the_key() -> None:
    (error,) = parse_document('"a\\nb\\e[31m": 0x1', "queues.yaml").errors
    assert error.field == "queues.a\ufffdb\ufffd[31m"


def test_an_unknown_name_is_an_error_with_the_nearest_known_one() -> None:
    error = parse_document(NESTED, "queues.yaml").unknown(("sales",), "prompt", "welcom", ["welcome", "bye"])
    assert error.problem == "names the prompt `welcom`, which does not exist"
    assert error.remedy == "Did you mean `welcome`?"


def test_values_are_found_by_pattern() -> None:
    document = parse_document("a: {q: [x, y]}\nb: {q: z}\nc: 3\n", "agents.yaml")
    assert list(document.find(("*", "q", "*"))) == [(("a", "q", 0), "x"), (("a", "q", 1), "y")]
    assert list(document.find(("b", "q"))) == [(("b", "q"), "z")]
    assert list(document.find(("c", "*"))) == []


def test_a_value_is_had_by_its_path() -> None:
    document = parse_document('exits: {"1": [a, b], "*": c}', "flows/menu.yaml")
    assert document.at(("exits", "1", 1)) == "b"
    assert document.at(("exits", "*")) == "c"
    assert document.at(("exits", "2", "deeper")) is None


FRAGMENTS = st.sampled_from([
    "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\t", "&x ", "*x", "!!int ", "!t ", "[", "]", "{", "}", ", ", "'", '"',
    ">-\n", "|\n", "# c\n", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "<<: ", "0o7", "1e9", "~", "\\x",
    "2026-02-31", "12:30", "\ufeff", "\x85", "\u2028", "\r", "é", "😀", "\x07", "@", "`",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=25).map("".join)))
def test_any_text_gives_a_document_or_errors_with_lines(text: str) -> None:
    document = parse_document(text, "queues.yaml")
    assert all(1 <= error.line <= len(text.splitlines()) + 1 for error in document.errors)
    assert document.readable or document.data is None
    assert str(document.errors).isprintable()


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_give_a_document_or_errors(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    document = read(content, tmp_path_factory.getbasetemp())
    assert all(error.line >= 1 for error in document.errors)
