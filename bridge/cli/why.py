"""throughline why: an interaction's story, or the callers who were cut off, from the store."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bridge.cli._place import fail, here, told
from bridge.journal import Entry
from bridge.store.engine import away, open_to_read
from bridge.store.matters import Matter, Wanted, matters
from bridge.store.reading import interaction_ids, story
from bridge.timeline import Line, tell

Answer = TypeVar("Answer")
MOST: Final = 1000


def why(
    interaction: Annotated[
        str, typer.Argument(help="The interaction's id or its beginning; by default the last one.")
    ] = "",
    cut_off: Annotated[
        bool, typer.Option("--cut-off", help="List the callers who were cut off or turned away, the newest first.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Tell an interaction's story: what happened when, and why this agent.

    Example: throughline why 01993c2e
    """
    if cut_off:
        return _list(as_json)
    with told():
        id, entries = asyncio.run(_read(lambda store: _story(store, interaction)))
    lines = tell(entries)
    if as_json:
        print(json.dumps({"interaction": id, "timeline": [_plain(line) for line in lines]}))
    else:
        Console().print(_table(id, lines))


def _list(as_json: bool) -> None:
    with told():
        found = asyncio.run(_read(lambda store: matters(store, Wanted(cut_off=True), MOST)))
    if as_json:
        print(json.dumps([_row(each) for each in found]))
    elif found:
        Console().print(_callers(found))
    else:
        print("Nobody was cut off.")


async def _story(connection: AsyncConnection, beginning: str) -> tuple[str, list[Entry]]:
    id = _only(await interaction_ids(connection, beginning, 2), beginning)
    return id, await story(connection, id)


async def _read(question: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
    place = here()
    engine = open_to_read(place.settings.database, place.instance.store)
    try:
        async with engine.connect() as connection:
            return await question(connection)
    except (SQLAlchemyError, OSError) as error:
        if place.settings.database:
            fail(away(error))
        fail("The store cannot be read: is this the state directory (THROUGHLINE_HOME), and has Throughline run?")
    finally:
        await engine.dispose()


def _only(found: list[str], beginning: str) -> str:
    if not found:
        fail(f"No interaction begins with {beginning}." if beginning else "There is no interaction yet.")
    if beginning and len(found) > 1:
        fail(f"More than one interaction begins with {beginning}: give more of its id.")
    return found[0]


def _plain(line: Line) -> dict[str, object]:
    return {"at": line.at.isoformat(), "after": line.after, "text": line.text, "because": list(line.because)}


def _table(id: str, lines: list[Line]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("time (UTC)", style="dim")
    table.add_column("+ s", justify="right")
    table.add_column(Text(f"interaction {id}"))
    for line in lines:
        at = f"{line.at:%H:%M:%S}.{line.at.microsecond // 1000:03}"
        table.add_row(at, f"{line.after:.3f}", _words(line))
    return table


def _row(each: Matter) -> dict[str, object]:
    cut = each.cut_off
    return {
        "at": cut.at if cut else None,
        "state": cut.state if cut else None,
        "queue": cut.queue if cut else None,
        "number": each.number,
        "name": each.name,
        "interaction": each.id,
    }


def _callers(found: list[Matter]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("time (UTC)", style="dim")
    for title in ("caller", "was", "queue", "interaction"):
        table.add_column(title)
    for row in map(_row, found):
        who = " ".join(str(row[name]) for name in ("name", "number") if row[name]) or "somebody unknown"
        cells = (str(row["at"])[:19].replace("T", " "), who, row["state"], row["queue"] or "", row["interaction"])
        table.add_row(*(Text(_printable(str(cell))) for cell in cells))
    return table


def _words(line: Line) -> Text:
    """As text, not as markup, and without what moves the cursor: a caller chooses her own name."""
    because = (Text(f"\n  {_printable(reason)}", style="dim") for reason in line.because)
    return Text.assemble(_printable(line.text), *because)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
