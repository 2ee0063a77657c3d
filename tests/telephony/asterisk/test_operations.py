"""Every operation we use is one that the installed Asterisk documents, with the fields that it takes."""

import json
import re
from pathlib import Path

import pytest

from telephony.asterisk import operations
from telephony.asterisk.ari_events import _DECODERS as EVENTS
from telephony.asterisk.ari_events import UNWANTED
from telephony.asterisk.install import AsteriskProgram
from telephony.asterisk.operations import Operation

USED = {name: value for name, value in vars(operations).items() if isinstance(value, Operation)}
# The variables of a create lie in its body, beside the fields that the document lists as parameters.
OF_THE_BODY = {"variables", "fields"}


@pytest.fixture(scope="module")
def documents(asterisk_program: AsteriskProgram) -> Path:
    """The folder of Asterisk's own description of its interface."""
    return asterisk_program.data / "rest-api"


def documented(documents: Path) -> dict[tuple[str, str], set[str]]:
    """Method and path, with names left out, to the fields that may be sent."""
    found = {}
    for file in sorted(documents.glob("*.json")):
        for api in json.loads(file.read_text()).get("apis", ()):
            for operation in api.get("operations", ()):
                fields = {each["name"] for each in operation.get("parameters", ())}
                found[operation["httpMethod"], shape(api["path"])] = fields
    return found


def shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path.lstrip("/"))


@pytest.mark.parametrize("name", sorted(USED))
def test_the_operation_is_documented_with_its_fields(name: str, documents: Path) -> None:
    operation = USED[name]
    fields = documented(documents)[operation.method, shape(operation.path)]
    assert set(operation.body) - OF_THE_BODY <= fields


def test_the_events_that_we_read_or_decline_exist(documents: Path) -> None:
    models = json.loads((documents / "events.json").read_text())["models"]
    assert {*EVENTS, *UNWANTED} <= set(models)


def test_what_tells_of_another_controller_is_never_declined() -> None:
    assert "ApplicationReplaced" not in UNWANTED
