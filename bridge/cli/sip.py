"""throughline sip: an agent's SIP account."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bridge.cli._place import fail, here, told
from bridge.pbx import secret
from config.errors import suggestion
from config.loader import load
from config.secrets import master_key


def sip(
    agent: Annotated[str, typer.Argument(help="The agent's login, such as ana.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Print what a softphone needs to register as an agent.

    Example: throughline sip ana --json
    """
    with told():
        account = account_of(agent)
    if as_json:
        print(json.dumps(account))
        return
    table = Table(show_header=False, box=None)
    for name, value in account.items():
        table.add_row(name, value or "-")
    Console().print(table)


def account_of(agent: str) -> dict[str, str]:
    """An agent's account at this center; ends the command when there is none."""
    place = here()
    if not place.instance.key.exists():
        fail("There are no accounts yet: start Throughline once with `throughline run`.")
    known = load(place.center).agents
    if agent not in known:
        fail(f"There is no agent {agent}. {suggestion(agent, known)}")
    address = str(place.settings.sip)
    return {
        "username": agent,
        "password": secret(master_key(place.instance.key), agent),
        "domain": address,
        "registrar": f"sip:{address}",
        "transport": "udp",
        "websocket": "",
    }
