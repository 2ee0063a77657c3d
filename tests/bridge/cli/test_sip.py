"""`throughline sip` prints what a softphone needs, the same each time, and nobody else's."""

import json
from pathlib import Path

import pytest

from config.secrets import master_key
from tests.bridge.cli.conftest import Throughline


@pytest.fixture
def started(home: Path, center: Path) -> None:
    """Throughline has run here once."""
    master_key(home / "master.key")


@pytest.mark.usefixtures("started")
def test_a_program_reads_an_account_as_json(throughline: Throughline) -> None:
    account = json.loads(throughline("sip", "ana", "--json").stdout)
    assert list(account) == ["username", "password", "domain", "registrar", "transport", "websocket"]
    assert (account["username"], account["domain"]) == ("ana", "127.0.0.1:5060")
    assert account["registrar"] == "sip:127.0.0.1:5060"
    assert len(account["password"]) == 32


@pytest.mark.usefixtures("started")
def test_an_open_center_tells_where_calls_are_encrypted_and_whom_to_trust(
    throughline: Throughline, center: Path, home: Path
) -> None:
    file = center / "center.yaml"
    nat = "network: open\nnat: {public_address: 203.0.113.7}\n"
    file.write_text(file.read_text().replace("network: loopback\n", nat))
    account = json.loads(throughline("sip", "ana", "--json").stdout)
    assert (account["domain"], account["tls"]) == ("203.0.113.7:5060", "203.0.113.7:5061")
    assert account["certificate"] == str(home / "tls" / "ca.pem")
    assert "tls" not in json.loads(throughline("sip", "ana", "--json", THROUGHLINE_TLS="off").stdout)
    given = json.loads(throughline("sip", "ana", "--json", THROUGHLINE_TLS="cert.pem:key.pem").stdout)
    assert (given["tls"], given["certificate"]) == ("203.0.113.7:5061", "")


@pytest.mark.usefixtures("started")
def test_the_password_stays_and_is_the_agents_own(throughline: Throughline) -> None:
    first, again, other = (
        json.loads(throughline("sip", agent, "--json").stdout)["password"] for agent in ("ana", "ana", "bruno")
    )
    assert first == again != other


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("address", ["127.0.0.1:5060", "[fe80::1]:5061", f"{'long.' * 40}example:5060"])
def test_a_person_reads_every_value_whole_on_its_line(throughline: Throughline, address: str) -> None:
    account = json.loads(throughline("sip", "ana", "--json", THROUGHLINE_SIP=address).stdout)
    lines = throughline("sip", "ana", THROUGHLINE_SIP=address).stdout.splitlines()
    assert [line.split() for line in lines] == [[name, value or "-"] for name, value in account.items()]
    assert account["domain"] == address


@pytest.mark.usefixtures("started")
def test_an_agent_whom_nobody_knows_is_not_made_up(throughline: Throughline) -> None:
    asked = throughline("sip", "anna")
    assert asked.exit_code == 1
    assert asked.stdout == ""
    assert "There is no agent anna. Did you mean `ana`?" in asked.stderr


def test_before_the_first_run_there_are_no_accounts_and_none_is_made(
    throughline: Throughline, center: Path, home: Path
) -> None:
    asked = throughline("sip", "ana")
    assert asked.exit_code == 1
    assert "throughline run" in asked.stderr
    assert list(home.iterdir()) == [center]
