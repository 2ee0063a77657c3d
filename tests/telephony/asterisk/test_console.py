"""What Asterisk says since its start, and what of it explains a failure."""

from pathlib import Path

from telephony.asterisk.console import Console

TAKEN = "[Nov 1] ERROR[7]: tcptls.c: Unable to bind http server to 127.0.0.1:8088: Address already in use"


def test_only_what_is_new_counts(tmp_path: Path) -> None:
    (tmp_path / "messages.log").write_text(f"{TAKEN}\n")
    console = Console(tmp_path)
    assert console.lines() == []
    with (tmp_path / "messages.log").open("a") as log:
        log.write("new\n\n")
    (tmp_path / "console.log").write_text("said\n")
    assert console.lines() == ["said", "new"]
    assert console.ports_taken() == []


def test_a_taken_port_comes_first_in_the_explanation(tmp_path: Path) -> None:
    console = Console(tmp_path)
    (tmp_path / "messages.log").write_text(f"{TAKEN}\nunable to open something\n" + "more\n" * 20)
    explanation = console.explanation(length=3).splitlines()
    assert explanation[0] == TAKEN
    assert explanation[2:] == ["more"] * 3


def test_without_a_known_cause_the_last_lines_remain(tmp_path: Path) -> None:
    console = Console(tmp_path)
    (tmp_path / "console.log").write_text("one\ntwo\n")
    assert console.explanation().splitlines()[1:] == ["one", "two"]
