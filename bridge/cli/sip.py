"""throughline sip: an agent's SIP account."""

import json
from typing import Annotated

import typer

from bridge.cli._place import fail, here, running_center, told
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
    for name, value in account.items():
        print(f"{name:<10} {value or '-'}")


def account_of(agent: str) -> dict[str, str]:
    """An agent's account at this center; ends the command when there is none."""
    place = here()
    if not place.instance.key.exists():
        fail("There are no accounts yet: start Throughline once with `throughline run`.")
    known = load(running_center(place)).agents
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
