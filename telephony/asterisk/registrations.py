"""Which agents' phones are registered, from the manager interface: observed, never guessed."""

from collections.abc import Callable, Iterable
from typing import Final

from telephony.agent import NOT_REGISTERED
from telephony.asterisk.ami import Ami, Message
from telephony.asterisk.errors import Refused

_GONE: Final = frozenset({"Removed", "Unreachable"})
_KNOWN_STATUS: Final = {"Avail": "Reachable", "Unavail": "Unreachable"}

Seen = Callable[[str, str], None]


async def shown_contacts(ami: Ami) -> list[Message]:
    """What PJSIPShowContacts shows; with no phone at all it is an error to Asterisk, and an empty list here."""
    try:
        return await ami.action("PJSIPShowContacts")
    except Refused as error:
        if "No Contacts" in str(error):
            return []
        raise


class Registrations:
    """Contacts by account. `seen` is told of an account what is wrong with its phone, which may be nothing."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._contacts: dict[str, dict[str, str]] = {}

    def rebuild(self, messages: Iterable[Message], accounts: Iterable[str]) -> None:
        """Takes the answer to PJSIPShowContacts as the whole truth."""
        found: dict[str, dict[str, str]] = {account: {} for account in accounts}
        for message in messages:
            if message.get("Event") == "ContactList":
                account = message.get("Endpoint") or message["ObjectName"].partition("/")[0].partition(";@")[0]
                status = message.get("Status", "")
                found.setdefault(account, {})[message["Uri"]] = _KNOWN_STATUS.get(status, status)
        self._contacts = found
        for account in found:
            self._tell(account)

    def on_event(self, name: str, message: Message) -> None:
        """Takes one event; all but ContactStatus are passed over."""
        if name != "ContactStatus":
            return
        account, uri, status = message.get("AOR", ""), message.get("URI", ""), message.get("ContactStatus", "")
        contacts = self._contacts.setdefault(account, {})
        if status == "Removed":
            contacts.pop(uri, None)
        else:
            contacts[uri] = status
        self._tell(account)

    def _tell(self, account: str) -> None:
        statuses = self._contacts[account].values()
        usable = any(status not in _GONE for status in statuses)
        self._seen(account, "" if usable else "does not answer" if statuses else NOT_REGISTERED)
