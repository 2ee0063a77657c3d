"""Faults of the schema in an administrator's words, at the right line."""

from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from config.checking import checked, entries
from config.document import parse_document
from config.errors import ConfigError, refuse
from config.schema import Agent, CenterSection, HoursSection, Queue, Section

CENTER = "name: Harbour\ntimezone: Europe/London\n"
AGENT = "ana:\n  title: Ana\n  queues: []\n"


def faults(model: type[Section], text: str) -> list[tuple[int, str, str, str]]:
    errors: list[ConfigError] = []
    document = parse_document(text, "file.yaml")
    if model is CenterSection:
        checked(model, document, errors)
    else:
        entries(model, document, errors)
    return [(e.line, e.field.removeprefix("file."), e.problem, e.remedy) for e in errors]


@pytest.mark.parametrize(
    ("model", "text", "line", "field", "problem", "remedy"),
    [
        (CenterSection, CENTER + "nmae: x", 3, "nmae", "is not a field here", "Did you mean `name`?"),
        (CenterSection, CENTER + "numbers:\n  1000: {flwo: a, flow: a}", 4, "numbers.1000.flwo", "is not a field here",
         "Did you mean `flow`?"),
        (CenterSection, CENTER + "numbers:\n  1000: {}", 4, "numbers.1000.flow", "is missing",
         "Add the line `flow: ...` there."),
        (CenterSection, CENTER + "numbers:\n  1000: welcome", 4, "numbers.1000",
         "is `welcome`, which does not hold fields", "Write its fields below it, indented: `name: value`."),
        (CenterSection, CENTER + "numbers:\n  12a: {flow: a}", 4, "numbers.12a",
         "is `12a`, which is not a number to dial", 'Write 1 to 15 digits, such as 1000 or "+442079460000".'),
        (CenterSection, CENTER + "network: opne", 3, "network", "is `opne`, which is not a choice here",
         "Did you mean `open`?"),
        (CenterSection, "timezone: Europe/London", 1, "name", "is missing", "Add the line `name: ...` there."),
        (Queue, "sales: {title: Sales}\nSupport: {title: S}", 2, "Support", "is `Support`, which is not a name",
         "Use small letters, digits, - and _; begin with a letter; 40 at most."),
        (Queue, "sales:\n  title: Sales\n  rign_time: 5", 3, "sales.rign_time", "is not a field here",
         "Did you mean `ring_time`?"),
        (Queue, "sales:\n  title: Sales\n  ring_time: 200", 3, "sales.ring_time",
         "is 3 min 20 s, outside its limits", "Write a duration from 5 s to 2 min."),
        (Queue, "sales:\n", 1, "sales", "is empty, which does not hold fields",
         "Write its fields below it, indented: `name: value`."),
        (Queue, "sales:\n  title: 7", 2, "sales.title", "is `7`, which is not text",
         "Write a name for people to read; quote numbers."),
        (Queue, "sales:\n  title: S\n  music: 7", 3, "sales.music", "is `7`, which is not text",
         "Write text; put numbers, true and false in quotes."),
        (Queue, "sales:\n  title: S\n  name: s", 3, "sales.name", "is not a field here",
         "The entry's key is its name."),
        (Queue, "- sales", 1, "", "does not hold entries", "Write one entry a line below it, indented: `name: value`."),
        (Agent, AGENT, 1, "ana.extension", "is missing", "Add the line `extension: ...` there."),
        (Agent, AGENT.replace("[]", "\n  - a\n  - b\n  - a") + "  extension: 21", 3, "ana.queues",
         "names the queue `a` twice", "Name each once."),
        (Agent, AGENT.replace("[]", "\n  - a\n  - 7") + "  extension: 21", 5, "ana.queues.1",
         "is `7`, which is not text", "Write text; put numbers, true and false in quotes."),
        (Agent, AGENT.replace("[]", "a") + "  extension: 21", 3, "ana.queues", "is `a`, which is not a list",
         "Write a list: [first, second]."),
        (HoursSection, "shop:\n  week:\n    mon:\n    - 9-17", 4, "shop.week.mon.0",
         "is `9-17`, which is not a range of hours", 'Write it as "09:00-17:30", in quotes.'),
        (HoursSection, "shop:\n  week:\n    moon: []", 3, "shop.week.moon", "is `moon`, which is not a day",
         "Use mon, tue, wed, thu, fri, sat, sun, or spans as mon-fri."),
        (HoursSection, "shop:\n  week: {}\n  holidays:\n    2026-02-30: Never", 4, "shop.holidays.2026-02-30",
         "is `2026-02-30`, which is not a date", "Write it as 2026-12-25."),
        (HoursSection, "shop:\n  week: {}\n  holidays:\n    2026-02-03:\n      name: A\n      opne: []", 6,
         "shop.holidays.2026-02-03.opne", "is not a field here", "Did you mean `open`?"),
    ],
)  # fmt: skip
def test_a_fault_of_the_schema(
    model: type[Section], text: str, line: int, field: str, problem: str, remedy: str
) -> None:
    assert faults(model, text) == [(line, field or "file", problem, remedy)]


def test_all_faults_of_a_file_are_told_and_right_entries_kept() -> None:
    errors: list[ConfigError] = []
    text = "sales: {title: 1, ring_time: x}\nsupport: {title: Support}\nother: {}"
    found = entries(Queue, parse_document(text, "queues.yaml"), errors)
    assert list(found) == ["support"]
    assert [error.field for error in errors] == ["queues.sales.title", "queues.sales.ring_time", "queues.other.title"]


def test_a_file_that_could_not_be_read_has_no_further_faults() -> None:
    assert faults(CenterSection, "a: [") == []
    assert faults(Queue, "a: [") == []


class Node(BaseModel):
    """A model of another package: checked at a path, without a key."""

    model_config = ConfigDict(extra="forbid")
    name: str = "x"
    attempts: Annotated[int, Field(ge=1)] = 3
    barge: bool = True


@pytest.mark.parametrize(
    ("written", "problem", "remedy"),
    [
        ("{attempts: 0}", "is `0`, but it should be greater than or equal to 1", "Correct the value."),
        ("{attempts: many}", "is `many`, which is not a whole number", "Write a whole number."),
        ("{attempts: 1.5}", "is `1.5`, which is not a whole number", "Write a whole number."),
        ("{barge: maybe}", "is `maybe`, which is neither true nor false", "Write true or false."),
        ("{nmae: y}", "is not a field here", "Did you mean `name`?"),
        ("", "is empty, which does not hold fields", "Write its fields below it, indented: `name: value`."),
    ],
)
def test_any_model_can_be_checked_at_a_path(written: str, problem: str, remedy: str) -> None:
    errors: list[ConfigError] = []
    document = parse_document(f"nodes:\n  menu: {written}", "flows/welcome.yaml")
    assert checked(Node, document, errors, ("nodes", "menu")) is None
    assert [(e.line, e.problem, e.remedy) for e in errors] == [(2, problem, remedy)]


def test_a_right_model_at_a_path() -> None:
    document = parse_document("nodes:\n  menu: {attempts: 2}", "flows/welcome.yaml")
    assert checked(Node, document, [], ("nodes", "menu")) == Node(attempts=2)


class Guest(BaseModel):
    """A model whose validator needs to know who is expected."""

    name: Annotated[str, AfterValidator(lambda name, info: _expected(name, info))]


def _expected(name: str, info: ValidationInfo) -> str:
    if name not in (info.context or ()):
        refuse("is not expected", "Ring up before.")
    return name


def test_what_validators_need_to_know_is_handed_on() -> None:
    errors: list[ConfigError] = []
    document = parse_document("name: ana", "guest.yaml")
    assert checked(Guest, document, errors, context=["ana"])
    assert checked(Guest, document, errors, context=["bruno"]) is None
    assert [(error.field, error.problem) for error in errors] == [("guest.name", "is not expected")]
