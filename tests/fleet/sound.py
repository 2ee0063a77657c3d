"""Sound of many calls on one timer. A phone says its name in every packet, so that whoever hears it knows whom.

The name lies in the ulaw samples themselves: it arrives wherever Asterisk passes sound on as it is.
"""

import asyncio
import random
import struct
import time
from collections import deque
from collections.abc import Callable

from tests.fleet.gaps import Gaps
from tests.fleet.port import Address, Port
from tests.fleet.sdp import Media

EVERY = 0.02
SAMPLES = 160
KEYS = "0123456789*#"
HEADER = 12
MARK = b"fleet phone "
LONGEST_NAME = 32
SILENCE = b"\xff"


class Pacer:
    """Every 20 ms each stream sends a packet. When the machine is late, packets are left out, not sent in a burst.
    Phones of which nobody hears anything may speak once in `every` seconds."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._loop = asyncio.get_running_loop()
        self._streams: set[Stream] = set()
        self._due = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self.late = 0

    def add(self, stream: "Stream") -> None:
        """Lets a stream speak."""
        self._streams.add(stream)
        if self._timer is None:
            self._due = self._loop.time()
            self._tick()

    def remove(self, stream: "Stream") -> None:
        """Lets it be silent."""
        self._streams.discard(stream)

    def _tick(self) -> None:
        for stream in tuple(self._streams):
            stream.send()
        self._due += self._every
        if (now := self._loop.time()) > self._due + self._every:
            self.late, self._due = self.late + 1, now
        self._timer = self._loop.call_at(self._due, self._tick) if self._streams else None


class Stream:
    """The sound of one call: what is said, which keys are pressed, who is heard. `jumps` are the steps other than one
    from a packet's sequence number to the next one's (RFC 3550, 5.1), also where the source changes: jitter buffers go
    by these numbers alone. `sounds` has the gaps between packets, `voices` those between packets that say a name.
    `loses_every` of 10 lets each tenth packet get lost on its way, 0 none."""

    def __init__(self, says: str, pacer: Pacer, on_heard: Callable[[str], None], on_first: Callable[[], None]) -> None:
        self._says = spoken(says)
        self._pacer, self._on_heard, self._on_first = pacer, on_heard, on_first
        self._port = Port(self._received)
        self.address: Address = self._port.address
        self._to: Media | None = None
        self._keys: deque[tuple[int, bytes]] = deque()
        self._sequence, self._time = random.randrange(1 << 15), random.randrange(1 << 30)
        self._source = random.randrange(1 << 32)
        self._last = b""
        self.packets = 0
        self.loses_every = 0
        self.jumps: list[int] = []
        self.sounds, self.voices = Gaps(), Gaps()
        self._heard_last: int | None = None

    def speak(self, to: Media) -> None:
        """Begins at once, or goes on to another place."""
        begins, self._to = self._to is None, to
        self._pacer.add(self)
        if begins:
            self.send()

    def press(self, key: str) -> None:
        """Presses a key for 100 ms (RFC 4733)."""
        code = KEYS.index(key)
        held = [(step, struct.pack("!BBH", code, 10, (step + 1) * SAMPLES)) for step in range(5)]
        released = [(step, struct.pack("!BBH", code, 0x80 | 10, 5 * SAMPLES)) for step in range(5, 8)]
        self._keys.extend((*held, *released))

    def send(self) -> None:
        """Sends the packet that is due."""
        if self._to is None:
            return
        step, kind, payload = 0, 0, self._says
        if self._keys:
            step, payload = self._keys.popleft()
            kind = self._to.keys | (0x80 if step == 0 else 0)
        stamp = (self._time - step * SAMPLES) & 0xFFFFFFFF
        if not self.loses_every or self._sequence % self.loses_every:
            header = struct.pack("!BBHII", 0x80, kind, self._sequence, stamp, self._source)
            self._port.send(header + payload, self._to.address)
        self._sequence, self._time = (self._sequence + 1) & 0xFFFF, self._time + SAMPLES

    def close(self) -> None:
        """Ends it."""
        self._pacer.remove(self)
        self._port.close()

    def _received(self, data: bytes, sender: Address) -> None:
        if self._to is None or sender != self._to.address or len(data) <= HEADER or data[1] & 0x7F:
            return
        self.packets += 1
        self._follow(int.from_bytes(data[2:4]))
        self.sounds.sound(now := time.monotonic())
        if self.packets == 1:
            self._on_first()
        if data.startswith(MARK, HEADER):
            self.voices.sound(now)
            self._name(data[HEADER:])

    def _name(self, payload: bytes) -> None:
        if payload != self._last:
            self._last = payload
            self._on_heard(payload[len(MARK) :].rstrip(SILENCE).decode())

    def _follow(self, sequence: int) -> None:
        step = (sequence - self._heard_last) & 0xFFFF if self._heard_last is not None else 1
        self.jumps += [step] if step != 1 else []
        self._heard_last = sequence


def spoken(name: str) -> bytes:
    """The samples that say a name."""
    return (MARK + name.encode()[:LONGEST_NAME]).ljust(SAMPLES, SILENCE)
