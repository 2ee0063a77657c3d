"""Callers who were turned away while nobody was in control: the dialplan's guard notes them in Asterisk's database."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import structlog

from config.rendering import APP, UNSERVED
from telephony.asterisk.ami import Ami, Message
from telephony.asterisk.errors import Refused
from telephony.events import CallerUnserved
from telephony.ids import id_of

log = structlog.get_logger()

_KEY: Final = f"/{APP}/{UNSERVED}/"
_NOTE: Final = re.compile(r"(?P<at>[0-9]{1,10}) (?P<address>[0-9+*]{1,40}) ?(?P<customer>[0-9+]{0,32})")


@dataclass(frozen=True, slots=True)
class Unserved:
    """One of them: `call` is Asterisk's name for it, `address` what was dialled, `customer` her number, if known."""

    call: str
    at: datetime
    address: str
    customer: str

    def fact(self) -> CallerUnserved:
        """As a fact; its ids follow from the note, so that one told twice is one."""
        return CallerUnserved(
            interaction_id=id_of(self.at, f"interaction {self.call}"),
            contact_id=id_of(self.at, f"contact {self.call}"),
            turned_away_at=self.at.isoformat(),
            address=self.address,
            customer=self.customer,
        )


async def unserved_callers(ami: Ami) -> list[Unserved]:
    """Those whom Asterisk has noted and who were not forgotten, the first first. Raises AsteriskError."""
    try:
        messages = await ami.action("DBGetTree", Family=APP, Prefix=UNSERVED)
    except Refused as error:
        if "not found" in str(error):
            return []
        raise
    return sorted(_read(messages), key=lambda each: (each.at, each.call))


async def forget(ami: Ami, caller: Unserved) -> None:
    """Removes a note, once what it says is kept elsewhere. Raises AsteriskError."""
    try:
        await ami.action("DBDel", Family=APP, Key=f"{UNSERVED}/{caller.call}")
    except Refused as error:
        log.info("note_of_unserved_caller_was_gone", call=caller.call, reason=str(error))


def _read(messages: Iterable[Message]) -> Iterator[Unserved]:
    for each in messages:
        key = each.get("Key", "")
        if not key.startswith(_KEY):
            continue
        if note := _NOTE.fullmatch(each.get("Val", "").strip()):
            at = datetime.fromtimestamp(int(note["at"]), UTC)
            yield Unserved(key.removeprefix(_KEY), at, note["address"], note["customer"])
        else:
            log.warning("note_of_unserved_caller_not_understood", key=key)
