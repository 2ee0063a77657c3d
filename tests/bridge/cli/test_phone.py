"""`throughline phone` makes the phone that its options describe."""

import asyncio
import json
import signal
import sys

import pytest
import typer
from typer.testing import CliRunner

from bridge.cli import phone as command
from telephony.phone.protocol import Account

COMMAND = (sys.executable, "-c", "import typer; from bridge.cli.phone import phone; typer.run(phone)")
Start = asyncio.subprocess.Process


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Account, str | None, bool]]:
    """The phones that would run."""
    phones: list[tuple[Account, str | None, bool]] = []

    def run(account: Account, call: str | None, machine: bool) -> int:
        phones.append((account, call, machine))
        return 0

    monkeypatch.setattr(command, "run", run)
    return phones


def invoke(*options: str, environment: dict[str, str] | None = None) -> int:
    app = typer.Typer()
    app.command()(command.phone)
    return CliRunner().invoke(app, list(options), env=environment).exit_code


def test_options_describe_the_phone(started: list[tuple[Account, str | None, bool]]) -> None:
    options = "--username ana --server 10.0.0.1:5070 --auto-answer --after 2 --play a.wav --call 1000"
    assert invoke(*options.split(), environment={"THROUGHLINE_PHONE_PASSWORD": "secret"}) == 0
    ((account, call, machine),) = started
    assert account == Account(username="ana", password="secret", server="10.0.0.1:5070", auto_answer=2, play="a.wav")
    assert (call, machine) == ("1000", False)


def test_without_a_password_it_is_a_caller_who_registers_nowhere(
    started: list[tuple[Account, str | None, bool]],
) -> None:
    assert invoke("--json") == 0
    ((account, call, machine),) = started
    assert not account.register
    assert account.auto_answer is None
    assert (call, machine) == (None, True)


def test_a_phone_can_be_made_to_encrypt(started: list[tuple[Account, str | None, bool]]) -> None:
    options = "--server 192.0.2.10:5061 --transport tls --authority ca.pem --srtp offered"
    assert invoke(*options.split()) == 0
    ((account, _, _),) = started
    assert (account.transport, account.authority, account.srtp) == ("tls", "ca.pem", "offered")


def test_what_no_phone_could_be_is_refused(started: list[tuple[Account, str | None, bool]]) -> None:
    assert invoke("--username", "a b") == 2
    assert invoke("--transport", "pigeon") == 2
    assert not started


def test_a_program_places_its_calls_by_lines() -> None:
    with pytest.raises(typer.BadParameter, match="dial"):
        command.run(Account(), "1000", True)


async def open_phone(*options: str) -> Start:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*COMMAND, *options, stdin=pipe, stdout=pipe, stderr=pipe)


async def test_a_program_talks_to_it_in_json() -> None:
    process = await open_phone("--json")
    output, _ = await asyncio.wait_for(process.communicate(b'{"type": "hangup", "request": 1}\n'), 20)
    ready, error = (json.loads(line) for line in output.splitlines())
    assert ready["type"] == "ready"
    assert (error["type"], error["request"], error["reason"]) == ("error", 1, "there is no call")
    assert process.returncode == 0


async def test_ctrl_c_ends_it_without_a_traceback() -> None:
    process = await open_phone()
    assert process.stdout
    await asyncio.wait_for(process.stdout.readline(), 20)
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 130
    assert errors == b""
