"""A busy floor for the looks: as many interactions as wanted, in the words of the API."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from playwright.async_api import Page, Route

from bridge.api.shapes import Customer, CutOff, Interaction, Interactions

NAMES: Final = ("Maria Almeida", "Núria Serra", None, "Sofia Bengtsson", "Claire Dubois", "Liam O’Connor")
STATES: Final = ("queued", "offered", "connected", "arrived", "connected", "queued")


def interaction(place: int, now: datetime, open: bool) -> Interaction:
    """One of many."""
    state = STATES[place % len(STATES)] if open else ("abandoned" if place % 5 == 4 else "closed")
    began = now - timedelta(seconds=20 + 7 * place)
    return Interaction(
        id=f"019a0000-0000-7000-8000-{place:012x}",
        state="open" if open else "closed",
        opened_at=began,
        closed_at=None if open else now,
        customer=Customer(number=f"+442079460{place:03d}", name=NAMES[place % len(NAMES)]),
        medium="voice",
        address="1000",
        queue=None if state == "arrived" else ("sales", "support")[place % 2],
        agent="ana" if state in ("connected", "offered", "closed") else None,
        contact_id=f"019a0000-0000-7000-9000-{place:012x}",
        contact_state=state,
        waiting_since=began if state in ("queued", "offered") else None,
        connected_since=began if state == "connected" else None,
        cut_off=None if open or place % 4 else CutOff(at=now, state=("queued", "unserved")[place // 4 % 2]),
    )


async def crowd(page: Page, count: int) -> None:
    """From now on this page sees so many interactions, live and past."""
    now = datetime.now(UTC)

    async def answer(route: Route) -> None:
        open = "state=open" in route.request.url
        items = [interaction(place, now, open) for place in range(count)]
        if "cut_off=true" in route.request.url:
            items = [each for each in items if each.cut_off]
        shown = Interactions(items=items, next_cursor=None)
        await route.fulfill(body=shown.model_dump_json(), content_type="application/json")

    await page.route("**/api/v1/interactions?*", answer)
    await page.route("**/api/v1/interactions/019a0000-*", _story)


async def _story(route: Route) -> None:
    now = datetime.now(UTC)
    whole = json.loads(interaction(2, now, open=True).model_dump_json())
    lines: list[tuple[str, list[str]]] = [("+442079460002 reached 1000 by voice", []), ("waits in the queue sales", [])]
    lines.append(("ana is picked", ["ana: free for 41.2 s", "bruno: away"]))
    timeline = [{"at": now.isoformat(), "after": 3.5, "text": text, "because": because} for text, because in lines]
    await route.fulfill(
        body=json.dumps(whole | {"contacts": [], "timeline": timeline}), content_type="application/json"
    )
