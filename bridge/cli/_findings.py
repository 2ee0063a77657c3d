"""How findings are shown to a person: by area, with words beside the colours, remedies beneath."""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.text import Text

from bridge.doctor.finding import Finding, Verdict

_SIGNS: Final = {
    Verdict.OK: ("✓ ok", "green"),
    Verdict.WARNING: ("! warning", "yellow"),
    Verdict.WRONG: ("✗ wrong", "bold red"),
}
_INDENT: Final = " " * 12


def show(console: Console, findings: Iterable[Finding]) -> None:
    """Prints them. Lines are never broken: a remedy may hold lines of a file, to be copied."""
    for area, group in groupby(findings, lambda finding: finding.area):
        console.print(Text(area, "bold"))
        for finding in group:
            console.print(_words(finding), soft_wrap=True)


def _words(finding: Finding) -> Text:
    sign, style = _SIGNS[finding.verdict]
    remedy = "".join(f"\n{_INDENT}{line}".rstrip() for line in finding.remedy.splitlines())
    return Text.assemble("  ", (f"{sign:<10}", style), (f"{finding.what}: ", "bold"), finding.found, (remedy, "dim"))
