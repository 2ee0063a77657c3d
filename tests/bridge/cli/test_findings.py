"""Findings are read without colours, and the lines of a remedy can be copied."""

import io

from rich.console import Console

from bridge.cli._findings import show
from bridge.doctor.finding import Area

STATE, PHONES = Area("state"), Area("phones")


def test_areas_words_and_remedies() -> None:
    out = io.StringIO()
    long = "word " * 60
    show(
        Console(file=out, width=40),
        [
            STATE.ok("disk", "80 GB [free]"),
            STATE.wrong("run", long.strip(), "Put in:\n[guard]\n same => n,Hangup()"),
            PHONES.warning("registered", "none", "Register one."),
        ],
    )
    assert out.getvalue().splitlines() == [
        "state",
        "  ✓ ok      disk: 80 GB [free]",
        f"  ✗ wrong   run: {long.strip()}",
        "            Put in:",
        "            [guard]",
        "             same => n,Hangup()",
        "phones",
        "  ! warning registered: none",
        "            Register one.",
    ]
