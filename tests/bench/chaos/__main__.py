"""`python -m tests.bench.chaos --kills 300 --freezes 50 --asterisk 20 --database 10`: strikes under a running load."""

import argparse
import asyncio
import random
import signal
import sys
import time
from collections.abc import Mapping
from typing import Final

import uvloop
from rich.console import Console

from config.home import state_home
from tests.bench.chaos.around import Around, a_center
from tests.bench.chaos.rounds import Record
from tests.bench.chaos.run import NotSettled, Size
from tests.bench.chaos.strike import Kind
from tests.bench.chaos.table import line, table
from tests.bench.soak.center import PROJECT

FILE: Final = state_home(PROJECT, environment={}) / "chaos" / "rounds.json"


def main() -> int:
    """Exit status 0 when nothing was wrong in any round."""
    asked = _asked()
    record = Record.read(FILE) if asked.resume and FILE.exists() else Record(asked.seed)
    wanted = dict(zip(Kind, (asked.kills, asked.freezes, asked.asterisk, asked.database, asked.calm), strict=True))
    try:
        _slices(record, wanted, asked)
    except asyncio.CancelledError:
        print("stopped; --resume goes on from here", flush=True)
    Console(width=200).print(table(record.rounds))
    return 0 if all(each.good for each in record.rounds) else 1


def _slices(record: Record, wanted: Mapping[Kind, int], asked: argparse.Namespace) -> None:
    """One center after another, as long as strikes are left and there is time."""
    size, until = Size(asked.live, asked.waiting), time.monotonic() + 60 * asked.minutes
    while (to_come := record.left(wanted)) and time.monotonic() < until:
        with a_center(size, wanted[Kind.DATABASE] > 0, asked.keep) as (center, database):
            around = Around(center, size, database, random.Random(f"{record.seed} {len(record.rounds)}"))
            uvloop.run(_rounds(record, to_come, around, until))


async def _rounds(record: Record, to_come: list[Kind], around: Around, until: float) -> None:
    """Until all is done, the time is over, or a strike has left the center in such a state that a new one is needed."""
    here, first, whole = around.slice(), len(record.rounds), asyncio.current_task()
    assert whole is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, whole.cancel)
    try:
        await here.open()
        for kind in to_come:
            if time.monotonic() > until:
                break
            record.rounds.append(made := await here.round(kind))
            record.write(FILE)
            print(line(len(record.rounds), made), flush=True)
    except NotSettled as error:
        if len(record.rounds) == first:
            raise
        record.rounds[-1] = record.rounds[-1].unsettled(str(error))
        record.write(FILE)
        print(f"      not settled afterwards: {error}", flush=True)
    finally:
        await here.close()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.chaos", description=__doc__)
    for name, count, what in (
        ("kills", 300, "kill -9 of the controller"),
        ("freezes", 50, "the controller stopped for 1 to 12 s"),
        ("asterisk", 20, "kill -9 of Asterisk"),
        ("database", 10, "PostgreSQL away for 1 to 8 s"),
        ("calm", 0, "no strike at all: judges the judge"),
        ("live", 50, "callers who talk"),
        ("waiting", 100, "callers who wait"),
        ("seed", 1, "of all that is random"),
    ):
        parser.add_argument(f"--{name}", type=int, default=count, help=what)
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no round after so long")
    parser.add_argument("--resume", action="store_true", help="go on where the last run stopped")
    parser.add_argument("--keep", action="store_true", help="keep the state for a look at it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
