"""The process of one phone: commands from standard input, events to standard output, until either ends."""

import gc
import os
import signal
import sys
from queue import SimpleQueue
from threading import Thread
from time import sleep
from typing import BinaryIO, NoReturn

from msgspec import DecodeError

from telephony.phone.endpoint import Endpoint
from telephony.phone.protocol import Account, AnyEvent, Error, Quit, decode_account, decode_command, encode, request_of

LONGEST_LINE = 64 * 1024
PATIENCE = 5.0
END = b""


class Wires:
    """The two ends of the process that others hold. Losing either ends the phone, so none outlives its driver."""

    def __init__(self, commands: BinaryIO, events: BinaryIO) -> None:
        self.inbox: SimpleQueue[bytes] = SimpleQueue()
        self._commands = commands
        self._events = events

    def listen(self) -> None:
        """Starts reading, on a thread of its own because a read cannot be interrupted; signals count as the end."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.inbox.put(END))
        Thread(target=self._read, daemon=True).start()

    def emit(self, event: AnyEvent) -> None:
        """Writes an event. Never raises: it is called from within the library, which would abort."""
        try:
            self._events.write(encode(event))
            self._events.flush()
        except OSError:
            self.inbox.put(END)

    def _read(self) -> None:
        while line := self._commands.readline(LONGEST_LINE):
            self.inbox.put(line)
        self.inbox.put(END)
        sleep(PATIENCE)
        os._exit(1)  # the phone's thread hangs in the library, and nobody is left to end it


def main(account: Account | None = None) -> NoReturn:
    """Is a phone until standard input ends, a `quit` or a signal comes; without an account it is the first line.

    Exits with 0 after a good end, 1 when the phone could not be set up, 2 when the first line is no account.
    """
    gc.disable()  # things of the library must go when we drop them, on this thread
    wires = Wires(sys.stdin.buffer, claim_output())
    os._exit(_run(wires, account))


def claim_output() -> BinaryIO:
    """Standard output for events alone: the library prints there too, and from now on that goes nowhere."""
    sys.stdout.flush()
    events = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return events


def _run(wires: Wires, account: Account | None) -> int:
    try:
        _be_phone(wires, account or decode_account(sys.stdin.buffer.readline(LONGEST_LINE)))
    except DecodeError as error:
        wires.emit(Error(reason=f"the first line must be an account: {error}"))
        return 2
    except Exception as error:
        wires.emit(Error(reason=f"the phone cannot start: {error}"))
        return 1
    return 0


def _be_phone(wires: Wires, account: Account) -> None:
    endpoint = Endpoint(account, wires.emit)
    wires.listen()
    going = True
    while going:
        endpoint.turn()
        while going and not wires.inbox.empty():
            going = _take(endpoint, wires, wires.inbox.get())
    endpoint.close()


def _take(endpoint: Endpoint, wires: Wires, line: bytes) -> bool:
    try:
        command = decode_command(line) if line != END else Quit()
    except DecodeError as error:
        wires.emit(Error(reason=f"not a command: {error}", request=request_of(line)))
        return True
    if isinstance(command, Quit):
        return False
    endpoint.perform(command)
    return True
