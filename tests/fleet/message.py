"""SIP messages (RFC 3261), as far as phones beside one server need them: read from and written to datagrams."""

from dataclasses import dataclass, field

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Message:
    """A request or a response; header names are compared without regard to case."""

    start: str
    headers: Headers = field(default_factory=list)
    body: str = ""

    @classmethod
    def read(cls, data: bytes) -> "Message":
        """A message from a datagram."""
        head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return cls(start, [(name.strip().lower(), value.strip()) for name, _, value in pairs], body)

    def __bytes__(self) -> bytes:
        headers = [*self.headers, ("Content-Length", str(len(self.body.encode())))]
        lines = (f"{name}: {value}" for name, value in headers)
        return "\r\n".join((self.start, *lines, "", self.body)).encode()

    def get(self, name: str) -> str:
        """The first header of a name, or nothing."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")

    def all(self, name: str) -> Headers:
        """Every header of a name, as pairs."""
        return [pair for pair in self.headers if pair[0].lower() == name.lower()]

    @property
    def status(self) -> int:
        """The status of a response; 0 for a request."""
        return int(self.start.split(" ", 2)[1]) if self.start.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """The method of a request, or of the request that a response answers."""
        return self.get("CSeq").partition(" ")[2]

    @property
    def number(self) -> int:
        """The number in the sequence of its dialog."""
        return int(self.get("CSeq").partition(" ")[0])

    @property
    def branch(self) -> str:
        """What names the transaction."""
        return parameter(self.get("Via"), "branch")

    @property
    def target(self) -> str:
        """Where the sender wants to be reached: the URI of its Contact."""
        return uri(self.get("Contact"))


def parameter(header: str, name: str) -> str:
    """A parameter of a header, or nothing."""
    parts = (part.partition("=") for part in header.split(";")[1:])
    return next((value for each, _, value in parts if each.strip() == name), "")


def uri(header: str) -> str:
    """The URI of a From, To or Contact."""
    return header.partition("<")[2].partition(">")[0] or header.partition(";")[0].strip()


def user(header: str) -> str:
    """The user part of its URI."""
    return uri(header).partition(":")[2].partition("@")[0]
