"""The log is one JSON object a line, whatever is said, and saying it never waits for the disk."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BEGIN = """
import logging, sys
from pathlib import Path
import structlog
from bridge import logs
logs.LARGEST = int(sys.argv[2])
logs.to_file(Path(sys.argv[1]))
log = structlog.get_logger("ours")
theirs = logging.getLogger("theirs")
hostile = '"}\\n{"event": "forged"}\\r\\n\\x1b[2J\\u2028\\x00\\ud800 %s [bold]'
"""
HOSTILE = '"}\n{"event": "forged"}\r\n\x1b[2J\u2028\x00\ud800 %s [bold]'


def command(file: Path, program: str, largest: int = 1_000_000) -> Sequence[str]:
    return (sys.executable, "-c", BEGIN + program, str(file), str(largest))


def logged(file: Path, program: str) -> list[dict[str, Any]]:
    """The lines that a program logs, each of which is one JSON object."""
    done = subprocess.run(command(file, program), timeout=20, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]


def test_every_line_says_when_who_how_bad_and_what(tmp_path: Path) -> None:
    ours, theirs = logged(tmp_path / "log" / "a.log", "log.info('began', calls=2); theirs.warning('odd: %s', 'x')")
    assert (ours["event"], ours["calls"], ours["level"], ours["logger"]) == ("began", 2, "info", "ours")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("odd: x", "warning", "theirs")
    assert ours["timestamp"].endswith("Z")
    assert theirs["timestamp"] >= ours["timestamp"]


def test_hostile_text_stays_in_its_line(tmp_path: Path) -> None:
    program = """
log.info(hostile, name=hostile)
theirs.error(hostile)
theirs.error('%s', hostile, stack_info=True)
try:
    raise ValueError(hostile)
except ValueError:
    log.exception('ours', odd=object())
    theirs.exception('theirs')
"""
    found = logged(tmp_path / "a.log", program)
    assert [line["event"] for line in found] == [HOSTILE, HOSTILE, HOSTILE, "ours", "theirs"]
    assert found[0]["name"] == HOSTILE
    assert all(HOSTILE in line["exception"] for line in found[3:])


def test_a_line_names_the_interaction_it_belongs_to(tmp_path: Path) -> None:
    program = "structlog.contextvars.bind_contextvars(interaction='i1'); log.info('a'); theirs.error('b')"
    assert [line["interaction"] for line in logged(tmp_path / "a.log", program)] == ["i1", "i1"]


def test_what_is_of_no_interest_is_left_out(tmp_path: Path) -> None:
    program = "log.debug('a'); theirs.debug('b'); logging.getLogger('panoramisk').warning('c'); log.info('d')"
    assert [line["event"] for line in logged(tmp_path / "a.log", program)] == ["d"]


def test_all_that_was_said_is_written_when_the_process_ends(tmp_path: Path) -> None:
    found = logged(tmp_path / "a.log", "for n in range(3000): log.info('said', n=n)\nsys.exit()")
    assert [line["n"] for line in found] == list(range(3000))


def test_the_file_is_turned_over_and_the_oldest_go(tmp_path: Path) -> None:
    program = "for n in range(200): log.info('said', n=n)"
    subprocess.run(command(tmp_path / "a.log", program, largest=1000), timeout=20, check=True)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["a.log", "a.log.1", "a.log.2", "a.log.3", "a.log.4", "a.log.5"]
    assert all(file.stat().st_size <= 1000 for file in tmp_path.iterdir())
    assert json.loads((tmp_path / "a.log").read_text().splitlines()[-1])["n"] == 199


def test_a_stuck_disk_holds_nobody_up(tmp_path: Path) -> None:
    # Nobody reads the pipe until all is said, and it takes far less than that.
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    program = "for n in range(3000): log.info('x' * 100)\nprint('said', flush=True)"
    with subprocess.Popen(command(tmp_path / "pipe", program), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "said\n"
        os.set_blocking(reader, True)
        with os.fdopen(reader, "rb") as pipe:
            assert len(pipe.read().splitlines()) == 3000
    assert child.returncode == 0


def test_a_full_disk_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    program = "log.info('lost'); print('goes on')"
    done = subprocess.run(command(tmp_path / "full", program), timeout=20, capture_output=True, text=True, check=True)
    assert done.stdout == "goes on\n"
    assert "No space left on device" in done.stderr
