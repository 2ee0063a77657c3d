"""What `throughline run` shows is text, whatever a center and its folder are called."""

import sqlite3
from pathlib import Path

import pytest

from bridge.center import read_center
from bridge.cli._place import here
from bridge.cli.run import _look_at_store, _report, _welcome

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


def test_a_store_of_a_newer_program_is_refused_in_words_before_anything_starts(
    center: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _look_at_store(here())
    with sqlite3.connect(here().instance.store) as store:
        store.execute("CREATE TABLE alembic_version (version_num TEXT)")
        store.execute("INSERT INTO alembic_version VALUES ('9999')")
    store.close()
    with pytest.raises(SystemExit):
        _look_at_store(here())
    assert "9999 by a newer Throughline" in capsys.readouterr().err
