"""Where one running Throughline keeps everything: the layout of its state directory."""

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports between the controller and its Asterisk, on loopback."""

    ari: int
    ami: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One state directory."""

    home: Path

    @property
    def software(self) -> Path:
        """Programs that we fetched."""
        return self.home / "software"

    @property
    def asterisk(self) -> Path:
        """Asterisk's own folder: its configuration, logs and database."""
        return self.home / "asterisk"

    @property
    def journal(self) -> Path:
        """The record of all facts."""
        return self.home / "journal.sqlite"

    @property
    def store(self) -> Path:
        """The database that is read from, unless another is named."""
        return self.home / "throughline.sqlite"

    @property
    def key(self) -> Path:
        """The master key."""
        return self.home / "master.key"

    @property
    def tls(self) -> Path:
        """Our own authority for TLS, and the certificate that it gave us."""
        return self.home / "tls"

    @property
    def log(self) -> Path:
        """The controller's log."""
        return self.home / "log" / "throughline.log"

    @property
    def revisions(self) -> Path:
        """The center as it was each time it was applied."""
        return self.home / "revisions"

    @property
    def music(self) -> Path:
        """Music on hold by its content."""
        return self.home / "music"

    @property
    def control(self) -> Path:
        """The socket on which the controller takes commands."""
        return self.home / "control.sock"

    @property
    def stopping(self) -> Path:
        """There while `throughline stop` ends all on purpose."""
        return self.home / "stopping"

    @property
    def lock(self) -> Path:
        """Held by the `throughline run` that owns this directory; names its process."""
        return self.home / "run.lock"

    def ports(self) -> Ports:
        """The ports chosen at the first start and kept since, so that a later start finds the running Asterisk."""
        file = self.home / "ports.json"
        if file.exists():
            return Ports(**json.loads(file.read_text()))
        ports = Ports(*free_ports(2))
        file.write_text(json.dumps(asdict(ports)))
        return ports


def free_ports(count: int) -> list[int]:
    """So many different TCP ports that nobody listens on now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
