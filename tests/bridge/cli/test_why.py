"""`throughline why` tells a story as it was, and nothing that a caller sends is more than text on the terminal."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.journal import Journal
from bridge.store.engine import open_store
from bridge.store.projector import Projector
from telephony.clock import SystemClock
from telephony.events import Fact
from tests.bridge.cli.conftest import Throughline
from tests.bridge.facts_of_calls import a_call, a_call_cut_off, a_caller_unserved

HOSTILE = [
    "[bold]Ada[/bold]",
    "[/]",
    "[link=https://evil.example]Ada[/link]",
    "Ada\n12:00:00.000  9.999  ana answered",
    "Ada\x1b[2J\x1b]0;pwned\x07\r",
    "Ada\u202ereversed\u2028",
    ":smile: \\[red]",
    "{agent} %s \x00",
]


def happened(home: Path, *facts: Fact) -> None:
    """Puts facts where a Throughline that ran here would have left them."""
    asyncio.run(_happened(home, facts))


async def _happened(home: Path, facts: tuple[Fact, ...]) -> None:
    journal = Journal(home / "journal.sqlite", SystemClock())
    for fact in facts:
        journal.publish(fact)
    await journal.close()
    engine = open_store(None, home / "throughline.sqlite")
    projector = Projector(home / "journal.sqlite", engine, SystemClock())
    running = asyncio.create_task(projector.run())
    await asyncio.wait_for(projector.caught_up(), 10)
    running.cancel()
    await asyncio.wait([running])
    await engine.dispose()


def test_a_person_reads_what_happened_and_why_this_agent(home: Path) -> None:
    call = a_call()
    happened(home, *call)
    command = (sys.executable, "-m", "bridge.cli", "why", call[0].interaction_id)
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    lines = [line.split() for line in told.splitlines()]
    assert lines[0] == ["time", "(UTC)", "+", "s", "interaction", call[0].interaction_id]
    assert lines[1][1:] == ["0.000", "Ada", "+4930123456", "reached", "1000", "by", "voice"]
    assert "bruno: her phone is away" in told
    assert lines[-1][2:4] == ["interaction", "closed:"]


def test_a_program_reads_the_same_as_json(throughline: Throughline, home: Path) -> None:
    call = a_call()
    happened(home, *call)
    told = json.loads(throughline("why", "--json").stdout)
    assert told["interaction"] == call[0].interaction_id
    assert [line["text"] for line in told["timeline"]][4:6] == [
        "is offered to ana after 2.0 s, at position 1, by longest_idle",
        "ana answered",
    ]
    assert told["timeline"][4]["because"] == ["ana: idle longest (picked)", "bruno: her phone is away"]
    assert told["timeline"][0]["at"].endswith("+00:00")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_callers_name_is_shown_and_never_obeyed(throughline: Throughline, home: Path, name: str) -> None:
    happened(home, *a_call(name=name))
    told = throughline("why", COLUMNS="500", FORCE_COLOR="1", TERM="xterm-256color")
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    assert told.exit_code == 0
    assert f"{shown} +4930123456 reached 1000 by voice" in told.stdout
    assert sum("ana answered" in line for line in told.stdout.splitlines()) == 1 + ("ana answered" in name)
    assert not {c for c in told.stdout if not c.isprintable()} - {"\n", "\x1b"}


def test_a_callers_name_stays_whole_for_a_program(throughline: Throughline, home: Path) -> None:
    for name in HOSTILE:
        happened(home, *a_call(name=name))
        told = throughline("why", "--json").stdout
        assert told.isascii()
        assert json.loads(told)["timeline"][0]["text"].startswith(name)


def test_by_default_it_is_the_last_one(throughline: Throughline, home: Path) -> None:
    calls = [a_call(name=name) for name in ("Ada", "Grace", "Mary")]
    happened(home, *(fact for call in calls for fact in call))
    assert "Mary +4930123456 reached" in throughline("why").stdout
    assert "Grace +4930123456 reached" in throughline("why", calls[1][0].interaction_id).stdout


def test_a_beginning_that_fits_several_asks_for_more(throughline: Throughline, home: Path) -> None:
    calls = [a_call(), a_call()]
    happened(home, *(fact for call in calls for fact in call))
    asked = throughline("why", calls[0][0].interaction_id[:6])
    assert asked.exit_code == 1
    assert "More than one interaction" in asked.stderr
    assert asked.stdout == ""


def test_a_beginning_that_fits_none_is_told(throughline: Throughline, home: Path) -> None:
    happened(home, *a_call())
    asked = throughline("why", "ffff")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert "No interaction begins with ffff." in asked.stderr


def test_before_the_first_call_there_is_no_story(throughline: Throughline, home: Path) -> None:
    happened(home)
    assert "There is no interaction yet." in throughline("why").stderr


def test_where_nothing_ran_nothing_is_made(throughline: Throughline, home: Path) -> None:
    asked = throughline("why")
    assert asked.exit_code == 1
    assert "THROUGHLINE_HOME" in asked.stderr
    assert list(home.iterdir()) == []


def test_a_database_that_cannot_be_used_is_told_in_words(throughline: Throughline) -> None:
    asked = throughline("why", THROUGHLINE_DATABASE="sqlite+nonsense:///x")
    assert asked.exit_code == 1
    assert asked.stderr.startswith("THROUGHLINE_DATABASE cannot be used")


def test_who_was_cut_off_is_listed_the_newest_first(throughline: Throughline, home: Path) -> None:
    away, cut = a_caller_unserved(customer="0301"), a_call_cut_off(customer="[bold]\x1b[2J")
    happened(home, *a_call(), away, *cut)
    told = throughline("why", "--cut-off", COLUMNS="200").stdout
    lines = [line.split() for line in told.splitlines()]
    assert [line[-1] for line in lines[1:]] == [cut[0].interaction_id, away.interaction_id]
    assert lines[2] == ["2026-01-05", "09:00:00", "0301", "unserved", away.interaction_id]
    assert "[bold]\N{REPLACEMENT CHARACTER}[2J" in told
    listed = json.loads(throughline("why", "--cut-off", "--json").stdout)
    assert [(each["state"], each["queue"]) for each in listed] == [("queued", "sales"), ("unserved", None)]


def test_where_nobody_was_cut_off_it_is_said(throughline: Throughline, home: Path) -> None:
    happened(home, *a_call())
    assert throughline("why", "--cut-off").stdout == "Nobody was cut off.\n"
    assert throughline("why", "--cut-off", "--json").stdout == "[]\n"
