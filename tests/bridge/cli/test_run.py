"""What `throughline run` shows is text, whatever a center and its folder are called."""

from pathlib import Path

import pytest

from bridge.center import read_center
from bridge.cli._place import here
from bridge.cli.run import _report, _welcome

ODD = "[/] [bold]Harbour[/bold] :smile: [red"


def test_the_welcome_shows_names_addresses_and_folders_as_they_are(
    center: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd_folder = center.rename(center.with_name("[dim]center[bold]"))
    (odd_folder / "center.yaml").write_text(f"name: '{ODD}'\ntimezone: UTC\nnumbers: {{'1000': {{flow: welcome}}}}\n")
    monkeypatch.setenv("THROUGHLINE_CENTER", str(odd_folder))
    monkeypatch.setenv("THROUGHLINE_SIP", "[fe80::1]:5061")
    _welcome(here(), read_center(odd_folder).center)
    shown = capsys.readouterr().out
    for text in (f"{ODD} is open.", "sip:1000@[fe80::1]:5061", str(odd_folder), "throughline sip ana"):
        assert text in shown


def test_a_report_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    _report(f"{ODD} was copied")
    assert capsys.readouterr().out == f"- {ODD} was copied\n"
