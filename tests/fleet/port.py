"""A UDP socket on loopback that the event loop reads."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

Address = tuple[str, int]
LARGEST = 65535
AT_ONCE = 64


class Port:
    """Made and closed at once, so that a phone can vanish from one moment to the next."""

    def __init__(self, on_datagram: Callable[[bytes, Address], None]) -> None:
        self._on_datagram = on_datagram
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self.address: Address = self._socket.getsockname()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._read)
        self.closed = False

    def send(self, data: bytes, to: Address) -> None:
        """Sends a datagram; a closed port sends none."""
        if not self.closed:
            with suppress(OSError):
                self._socket.sendto(data, to)

    def close(self) -> None:
        """Safe to repeat."""
        if not self.closed:
            self.closed = True
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()

    def _read(self) -> None:
        with suppress(OSError):
            for _ in range(AT_ONCE):
                if self.closed:
                    return
                self._on_datagram(*self._socket.recvfrom(LARGEST))
