"""What a person types to a phone."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

from telephony.phone import protocol
from telephony.phone.protocol import AnyCommand

HELP = """\
call NUMBER    place a call        hold, unhold     let the other side wait
answer         take a call         play [FILE]      send a WAV file, or silence
decline, busy  refuse a call       record [FILE]    record, or stop recording
hangup         end a call          transfer NUMBER  send the other side there
dtmf DIGITS    press keys          status, help, quit"""
STANDARD_INPUT = 0

BARE: dict[str, Callable[[], AnyCommand]] = {
    "answer": protocol.Respond,
    "decline": lambda: protocol.Respond(code=603),
    "busy": lambda: protocol.Respond(code=486),
    "hangup": protocol.Hangup,
    "hold": protocol.Hold,
    "unhold": protocol.Unhold,
    "play": protocol.StopPlaying,
    "record": protocol.StopRecording,
}
WITH_WORDS: dict[str, Callable[[str], AnyCommand]] = {
    "call": lambda number: protocol.Dial(target=number),
    "transfer": lambda number: protocol.Transfer(target=number),
    "dtmf": lambda digits: protocol.SendDtmf(digits=_keys(digits)),
    "play": lambda file: protocol.Play(path=_path(file)),
    "record": lambda file: protocol.Record(path=_path(file)),
}


def parse(line: str) -> AnyCommand:
    """The command of a line; raises ValueError, in words for the person, when it is none."""
    verb, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if rest and verb in WITH_WORDS:
        return WITH_WORDS[verb](rest)
    if not rest and verb in BARE:
        return BARE[verb]()
    raise ValueError(f"{verb} what?" if verb in WITH_WORDS else f"{line.strip()!r} is no command; type help.")


async def typed_lines() -> AsyncIterator[str]:
    """Lines of standard input. A thread reads them, for an event loop cannot wait for a file."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    Thread(target=_read, args=(asyncio.get_running_loop(), lines), daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line


def _read(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str | None]) -> None:
    # Unbuffered, and not sys.stdin: a daemon thread that holds the lock of sys.stdin aborts the interpreter's exit.
    with os.fdopen(os.dup(STANDARD_INPUT), "rb", buffering=0) as file, suppress(RuntimeError):
        while line := file.readline():
            loop.call_soon_threadsafe(lines.put_nowait, line.decode(errors="replace"))
        loop.call_soon_threadsafe(lines.put_nowait, None)


def _keys(digits: str) -> str:
    keys = digits.replace(" ", "").upper()
    if not re.fullmatch(r"[0-9A-D*#]{1,31}", keys):
        raise ValueError("keys are 0 to 9, A to D, * and #, at most 31 of them.")
    return keys


def _path(file: str) -> str:
    return str(Path(file).expanduser())
