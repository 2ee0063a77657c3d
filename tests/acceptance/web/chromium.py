"""The browser of the tests: the host's Chromium, else Debian's, unpacked beside Asterisk."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from telephony.asterisk.debian import unpack

PACKAGES = ("chromium", "fonts-liberation")
SUITE = "bookworm"
# Chromium starts itself by /proc/self/exe, so it runs by the host's loader, which takes only its own C library.
_OF_THE_LOADER = re.compile(
    r"(?:ld-linux.*|libc|libm|libmvec|libdl|librt|libpthread|libresolv|libnss_.*|libanl|libutil|libnsl|libthread_db)\.so"
)
_FONTS = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<match target="pattern"><edit name="family" mode="append_last" binding="strong">
<string>Liberation Sans</string></edit></match></fontconfig>
"""


@dataclass(frozen=True)
class Browser:
    """What to start and with which environment and arguments."""

    program: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """Its sandbox refuses root."""
        return ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def find_or_install(software: Path, report: Callable[[str], None]) -> Browser:
    """The host's Chromium, else one unpacked into `software`/chromium.

    Raises InstallError."""
    if found := shutil.which("chromium"):
        return Browser(found)
    root = unpack(PACKAGES, software / "chromium", report, SUITE).root
    return Browser(str(root / "usr/lib/chromium/chromium"), _environment(root))


def _environment(root: Path) -> dict[str, str]:
    fonts = root.parent / "fonts.conf"
    fonts.write_text(_FONTS.format(fonts=root / "usr/share/fonts", cache=root.parent / "font-cache"))
    return {"LD_LIBRARY_PATH": str(_libraries(root)), "FONTCONFIG_FILE": str(fonts)}


def _libraries(root: Path) -> Path:
    """A folder of links to all libraries of the tree but the C library's."""
    links = root.parent / "libraries"
    links.mkdir(exist_ok=True)
    for library in sorted((*root.glob("*lib/*-linux-gnu/*.so*"), *root.glob("usr/lib/*-linux-gnu/**/*.so*"))):
        link = links / library.name
        if not _OF_THE_LOADER.match(library.name) and not link.is_symlink():
            link.symlink_to(library)
    return links
