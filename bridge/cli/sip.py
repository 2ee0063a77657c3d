"""throughline sip: an agent's SIP account."""

import json
from dataclasses import replace
from typing import Annotated

import typer

from bridge.cli._place import Here, fail, here, running_center, told
from bridge.pbx import secret
from config.certificates import authority, name_in
from config.errors import suggestion
from config.loader import Center, load
from config.reach import Reach, reach
from config.secrets import master_key
from config.settings import TlsFiles


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
        print(f"{name:<11} {value or '-'}")


def account_of(agent: str) -> dict[str, str]:
    """An agent's account at this center; ends the command when there is none.

    Where TLS is taken, `tls` is its address, and `certificate` our own authority's, which phones are to trust."""
    place = here()
    center = center_with(agent, place)
    where = reach(place.settings, center.network, center.nat)
    return {
        "username": agent,
        "password": secret(master_key(place.instance.key), agent),
        "domain": str(where.domain),
        "registrar": f"sip:{where.domain}",
        "transport": "udp",
        "websocket": "",
    } | _secure(place, where)


def center_with(agent: str, place: Here) -> Center:
    """The center that runs; ends the command when it has no such agent, or has never run."""
    if not place.instance.key.exists():
        fail("There are no accounts yet: start Throughline once with `throughline run`.")
    center = load(running_center(place))
    if agent not in center.agents:
        fail(f"There is no agent {agent}. {suggestion(agent, center.agents)}")
    return center


def _secure(place: Here, where: Reach) -> dict[str, str]:
    if where.secure_domain is None:
        return {}
    if isinstance(tls := place.settings.tls, TlsFiles):
        name = name_in(tls.certificate) or where.host
        return {"tls": str(replace(where.secure_domain, host=name)), "certificate": ""}
    return {"tls": str(where.secure_domain), "certificate": str(authority(place.instance.tls))}
