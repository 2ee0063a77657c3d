"""What a phone reads in an INVITE as it came from the network."""

import re

PARTY = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^<"]*?))\s*<?sips?:(?P<number>[^@>;]*)')


def headers(message: str) -> dict[str, str]:
    """The headers of a SIP message as they were written; one that comes twice has its values joined by commas."""
    head = re.split(r"\r?\n\r?\n", message, maxsplit=1)[0]
    lines = re.sub(r"\r?\n[ \t]+", " ", head).splitlines()[1:]
    found: dict[str, str] = {}
    for name, _, value in (line.partition(":") for line in lines):
        earlier = found.get(name.strip())
        found[name.strip()] = f"{earlier}, {value.strip()}" if earlier else value.strip()
    return found


def party(value: str) -> tuple[str, str]:
    """Name and number of a From header: `"Ann" <sip:123@host>;tag=x` is Ann and 123."""
    if not (found := PARTY.match(value)):
        return "", ""
    quoted = re.sub(r"\\(.)", r"\1", found["quoted"] or "")
    return quoted or found["plain"] or "", found["number"]


def readable(text: str) -> str:
    """A string of the library with what is not UTF-8 replaced, which JSON could not carry."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
