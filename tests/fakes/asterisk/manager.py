"""The manager interface of the fake Asterisk: a login, a ping, the list of phones, what is told of them and of legs."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from telephony.asterisk.rtcp import EVENT

Pairs = Iterable[tuple[str, str]]


class ManagerInterface:
    """Speaks as much of AMI as is needed to know which phones are there: `phones` gives account, address, status."""

    def __init__(self, phones: Callable[[], Iterable[tuple[str, str, str]]]) -> None:
        self._phones = phones
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.refusing = False

    async def open(self, path: Path) -> None:
        """Takes connections at a Unix socket."""
        self._server = await asyncio.start_unix_server(self._serve, path)

    async def close(self) -> None:
        """Ends all connections."""
        if self._server:
            self._server.close()
        self.drop()

    def drop(self) -> None:
        """Connections break without a word."""
        for writer in self._writers:
            writer.transport.abort()

    def tell(self, account: str, address: str, status: str) -> None:
        """A phone came, went, or could not be reached."""
        event = [("Event", "ContactStatus"), ("URI", address), ("ContactStatus", status), ("AOR", account)]
        for writer in self._writers:
            _send(writer, [*event, ("EndpointName", account), ("RoundtripUsec", "1000")])

    def leg_ended(self, channel: str, statistics: str) -> None:
        """The hang-up handler of a leg ran."""
        event = [("Event", "UserEvent"), ("Uniqueid", channel), ("UserEvent", EVENT), ("Statistics", statistics)]
        for writer in self._writers:
            _send(writer, event)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while action := await _read(reader):
                self._answer(writer, action)
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, writer: asyncio.StreamWriter, action: dict[str, str]) -> None:
        same = ("ActionID", action.get("ActionID", ""))
        match action["Action"]:
            case "Login":
                self._writers.add(writer)
                _send(writer, [("Response", "Success"), same, ("Message", "Authentication accepted")])
                _send(writer, [("Event", "FullyBooted"), ("Status", "Fully Booted")])
            case "Ping":
                _send(writer, [("Response", "Success"), same, ("Ping", "Pong")])
            case "PJSIPShowContacts":
                self._show_contacts(writer, same)
            case "DBGetTree":
                _send(writer, [("Response", "Error"), same, ("Message", "Database entry not found")])
            case other:
                _send(writer, [("Response", "Error"), same, ("Message", f"Invalid/unknown command: {other}")])

    def _show_contacts(self, writer: asyncio.StreamWriter, same: tuple[str, str]) -> None:
        phones = list(self._phones())
        if not phones:
            return _send(writer, [("Response", "Error"), same, ("Message", "No Contacts found")])
        _send(writer, [("Response", "Success"), same, ("EventList", "start"), ("Message", "Contacts follow")])
        for account, address, status in phones:
            where = [("ObjectName", f"{account};@0123456789abcdef"), ("Uri", address), ("Status", status)]
            _send(writer, [("Event", "ContactList"), same, *where, ("Endpoint", account)])
        _send(writer, [("Event", "ContactListComplete"), same, ("EventList", "Complete"), ("ListItems", "1")])
        return None


async def _read(reader: asyncio.StreamReader) -> dict[str, str]:
    """The next action, empty at the end."""
    action: dict[str, str] = {}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(":")
        action[name] = value.strip()
    return action


def _send(writer: asyncio.StreamWriter, pairs: Pairs) -> None:
    writer.write("".join(f"{name}: {value}\r\n" for name, value in [*pairs]).encode() + b"\r\n")
