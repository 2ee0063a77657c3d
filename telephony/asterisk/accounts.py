"""Agents' SIP accounts as Asterisk's dynamic objects: changed at any time, kept over its restarts, no reload.

Source: ARI push configuration, Asterisk 22; `sorcery.conf` sends these objects to astdb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec
import structlog

from config.timeouts import Part, options
from telephony.asterisk import operations as op
from telephony.asterisk.errors import NotFound
from telephony.asterisk.operations import Commands

log = structlog.get_logger()

_CLASS: Final = "res_pjsip"
# Not `set_var`: Asterisk writes that down in a way that it cannot read back.
_MARK: Final = "accountcode"
_AOR: Final = {
    # The phone that registered last is the one that rings.
    "max_contacts": "1",
    "remove_existing": "yes",
    **options(Part.PHONE),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A SIP account: its login, its secret, and how it shows itself to others.

    `media_host` is the one address at which sound is taken, None for all. `encrypted` offers SRTP with keys in the SDP
    (RFC 4568) to a phone that understands it, and takes either kind from it."""

    username: str
    password: str
    title: str
    extension: str
    media_host: str | None = None
    encrypted: bool = False


class _Endpoint(msgspec.Struct):
    resource: str


class _Attribute(msgspec.Struct):
    attribute: str
    value: str


async def publish(commands: Commands, accounts: Sequence[Account]) -> None:
    """Makes these the accounts that exist; others that we wrote are removed. Raises AsteriskError.

    An account that is there as it should be is left alone, and so is what we did not write: the trunks."""
    for account in accounts:
        await _publish(commands, account)
    found = msgspec.json.decode(await commands.send("", op.ENDPOINTS, "PJSIP"), type=list[_Endpoint])
    for other in {each.resource for each in found} - {each.username for each in accounts}:
        if await _marked(commands, other):
            await _remove(commands, other)


async def _publish(commands: Commands, account: Account) -> None:
    objects = _objects(account)
    mark = sha256(msgspec.json.encode(objects)).hexdigest()[:16]
    if await _marked(commands, account.username) == mark:
        return
    for kind, fields in objects.items():
        await _put(commands, kind, account.username, fields | ({_MARK: mark} if kind == "endpoint" else {}))
    log.info("account_published", account=account.username)


async def _marked(commands: Commands, name: str) -> str | None:
    """The mark that an endpoint carries: a digest of all that we wrote for it, so that it is written once."""
    try:
        shown = await commands.send("", op.GET_OBJECT, _CLASS, "endpoint", name)
    except NotFound:
        return None
    attributes = msgspec.json.decode(shown, type=list[_Attribute])
    return next((each.value for each in attributes if each.attribute == _MARK), None)


def _objects(account: Account) -> dict[str, dict[str, str]]:
    """In the order in which they are written: the endpoint, with its mark, comes last."""
    auth = {"auth_type": "userpass", "username": account.username, "password": account.password}
    return {"auth": auth, "aor": dict(_AOR), "endpoint": _endpoint(account)}


def _endpoint(account: Account) -> dict[str, str]:
    return {
        "context": "agents",
        "disallow": "all",
        "allow": "ulaw,alaw,g722",
        "auth": account.username,
        "aors": account.username,
        "callerid": f'"{account.title}" <{account.extension}>',
        "direct_media": "no",
        "media_address": account.media_host or "",
        "bind_rtp_to_media_address": "yes" if account.media_host else "no",
        "media_encryption": "sdes" if account.encrypted else "no",
        "media_encryption_optimistic": "yes",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        **options(Part.AGENT),
        "send_pai": "yes",
        "trust_id_outbound": "yes",
        "allow_transfer": "yes",
    }


async def _put(commands: Commands, kind: str, name: str, fields: dict[str, str]) -> None:
    body = [{"attribute": attribute, "value": value} for attribute, value in fields.items()]
    await commands.send("", op.PUT_OBJECT, _CLASS, kind, name, fields=body)


async def _remove(commands: Commands, name: str) -> None:
    log.info("account_removed", account=name)
    for kind in ("endpoint", "aor", "auth"):
        try:
            await commands.send("", op.DELETE_OBJECT, _CLASS, kind, name)
        except NotFound:
            log.debug("account_part_was_missing", account=name, part=kind)
