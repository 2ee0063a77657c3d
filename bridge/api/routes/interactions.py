"""Interactions with their timelines, and what can be done to contacts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Row

from bridge.api.asking import Allow, Asking
from bridge.api.problems import Problem, not_found
from bridge.api.services import Use
from bridge.api.shapes import (
    ContactOfInteraction,
    ContactShown,
    Customer,
    CutOff,
    Interaction,
    Interactions,
    InteractionStory,
    TimelineLine,
)
from bridge.people.roles import Permission
from bridge.store.matters import Matter, Wanted, contact, contact_taken_by, matter, matters
from bridge.store.reading import story
from bridge.timeline import tell

router = APIRouter(tags=["interactions"])

Reads = Annotated[Asking, Depends(Allow(Permission.INTERACTIONS_READ, Permission.OWN_INTERACTIONS_READ))]
Ends = Annotated[Asking, Depends(Allow(Permission.CONTACTS_END, Permission.OWN_CONTACTS_END))]
NOBODY = "-"


@router.get("/interactions")
async def list_interactions(
    asking: Reads,
    services: Use,
    state: Annotated[Literal["open", "parked", "closed"] | None, Query()] = None,
    queue: Annotated[str | None, Query(max_length=64)] = None,
    agent: Annotated[str | None, Query(max_length=64)] = None,
    cut_off: Annotated[
        bool, Query(description="Only callers whose call was cut off, or who were turned away.")
    ] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=36, pattern="^[0-9a-f-]*$")] = None,
) -> Interactions:
    """The newest first. Agents see those in which they took part."""
    wanted = Wanted(state, queue, agent, _hers(asking), cursor, cut_off)
    async with services.engine.connect() as store:
        found = await matters(store, wanted, limit + 1)
    page = found[:limit]
    return Interactions(
        items=[Interaction(**_shown(each)) for each in page],
        next_cursor=page[-1].id if len(found) > limit else None,
    )


@router.get("/interactions/{id}")
async def read_interaction(id: str, asking: Reads, services: Use) -> InteractionStory:
    """One, with all that happened."""
    async with services.engine.connect() as store:
        found = await matter(store, id, _hers(asking))
        if found is None:
            raise not_found("interaction")
        lines = tell(await story(store, id))
    return InteractionStory(
        **_shown(found),
        contacts=[_contact(each) for each in found.contacts],
        timeline=[
            TimelineLine(at=each.at, after=each.after, text=each.text, because=list(each.because)) for each in lines
        ],
    )


@router.get("/contacts/{id}")
async def read_contact(id: str, asking: Reads, services: Use) -> ContactOfInteraction:
    """One attempt of a customer to reach us."""
    async with services.engine.connect() as store:
        row = await contact(store, id, _hers(asking))
    if row is None:
        raise not_found("contact")
    return ContactOfInteraction(**_contact(row).model_dump(), interaction_id=row.interaction_id)


@router.post("/contacts/{id}/end", status_code=202)
async def end_contact(id: str, asking: Ends, services: Use) -> None:
    """Hang up a call that is up. Agents end those in which they take part."""
    if not asking.may(Permission.CONTACTS_END):
        async with services.engine.connect() as store:
            if not await contact_taken_by(store, asking.user.agent or NOBODY, id):
                raise not_found("contact of yours")
    if not services.end_contact(id):
        raise Problem(404, "not_found", "There is no such contact that goes on.")


def _hers(asking: Asking) -> str | None:
    """The agent whose interactions she may see; None when she may see all."""
    return None if asking.sees_all else asking.user.agent or NOBODY


def _shown(each: Matter) -> dict[str, object]:
    newest = each.contact
    state = newest.state if newest else None
    return {
        "id": each.id,
        "state": each.state,
        "opened_at": each.opened_at,
        "closed_at": each.closed_at,
        "customer": Customer(number=each.number, name=each.name or None) if each.number is not None else None,
        "medium": newest.medium if newest else None,
        "address": newest.address if newest else None,
        "queue": newest.queue if newest else None,
        "agent": each.agent,
        "contact_id": newest.id if newest else None,
        "contact_state": state,
        "waiting_since": each.since if state in ("queued", "offered") else None,
        "connected_since": each.since if state == "connected" else None,
        "cut_off": CutOff(at=each.cut_off.at, state=each.cut_off.state) if each.cut_off else None,
    }


def _contact(row: Row[tuple[object, ...]]) -> ContactShown:
    names = ("id", "medium", "address", "state", "queue", "arrived_at", "ended_at")
    return ContactShown(**{name: getattr(row, name) for name in names})
