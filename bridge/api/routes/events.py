"""The facts as they happen, over a websocket: `{type, v, id, data}`. Who comes back with `after` misses none."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec
import structlog
from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError

from bridge.api.asking import AllowAnybody, Asking, identified, same_origin
from bridge.api.limits import ANY, CHANGES
from bridge.api.problems import Problem
from bridge.api.services import Services, Use
from bridge.journal import Entry
from bridge.people.roles import Permission
from bridge.store.matters import going_on_with, taken_by
from telephony.tasks import TaskSet

log = structlog.get_logger()
router = APIRouter()

VERSION: Final = 1
SEND_WITHIN: Final = 10.0
CHECKED_EVERY: Final = 60.0
MOST_OF_ONE_USER: Final = 20
# RFC 6455, 7.4.2: 4000 to 4999 are ours.
NOT_SIGNED_IN: Final = 4401
NOT_ALLOWED: Final = 4403
TOO_MANY: Final = 4429
TYPES: Final = {
    "ContactArrived": "contact.arrived",
    "ContactMoved": "contact.moved",
    "AssignmentMoved": "assignment.moved",
    "AgentPicked": "agent.picked",
    "LegMoved": "leg.moved",
    "LegQuality": "leg.quality",
    "NodeEntered": "node.entered",
    "NodeLeft": "node.left",
    "PresenceChanged": "presence.changed",
    "ReachabilityChanged": "reachability.changed",
    "SeatChanged": "seat.changed",
    "OwnCallBegan": "own_call.began",
    "OwnCallEnded": "own_call.ended",
    "CallCutOff": "call.cut_off",
    "CallerUnserved": "caller.unserved",
    "InteractionOpened": "interaction.opened",
    "InteractionMoved": "interaction.moved",
    "CenterApplied": "center.applied",
}


class Message(msgspec.Struct, frozen=True):
    """What is sent: `id` is the number of the fact, from which to go on."""

    type: str
    v: int
    id: int
    data: dict[str, Any]


class View:
    """What of the facts somebody may see: all, or of interactions those in which she takes part as an agent.

    Whose they are the store tells of what has been, up to the fact `past`, and of what goes on then; from there on the
    facts themselves tell, so that no fact of others asks the store."""

    def __init__(self, asking: Asking, services: Services, past: int) -> None:
        self._agent = None if asking.sees_all else asking.user.agent
        self._services, self._past = services, past
        self._hers: set[str] = set()

    async def begin(self) -> None:
        """Finds what goes on."""
        if self._agent:
            async with self._services.engine.connect() as store:
                self._hers = await going_on_with(store, self._agent)

    async def of(self, entries: Sequence[Entry]) -> list[Message]:
        """The messages of some facts, in order."""
        if self._agent:
            await self._learn(entries, self._agent)
        return [_message(each) for each in entries if each.type in TYPES and self._may_see(each)]

    def _may_see(self, entry: Entry) -> bool:
        if self._agent is None or entry.interaction_id in self._hers:
            return True
        return not entry.interaction_id and (entry.type != "OwnCallBegan" or entry.body.get("agent") == self._agent)

    async def _learn(self, entries: Sequence[Entry], agent: str) -> None:
        """An interaction is hers from the moment when it is offered to her."""
        past = {each.interaction_id for each in entries if each.interaction_id and each.sequence <= self._past}
        if unknown := past - self._hers:
            async with self._services.engine.connect() as store:
                self._hers |= await taken_by(store, agent, unknown)
        offered = (each for each in entries if each.type == "AssignmentMoved" and each.body.get("agent") == agent)
        self._hers |= {each.interaction_id for each in offered}


@router.websocket("/events", dependencies=[Depends(AllowAnybody())])
async def events(socket: WebSocket, services: Use, after: int | None = None, journal: str = "") -> None:
    """Sends hello, then facts. `after` is the id of the last message seen, `journal` what hello said with it."""
    await socket.accept()
    asking = await _let_in(socket, services)
    if asking is None:
        return
    if services.revocations.watching(user := f"user:{asking.user.username}") >= MOST_OF_ONE_USER:
        await socket.close(TOO_MANY, "too many connections")
        return
    revoked = services.revocations.watch(asking.let_in_by, user)
    tasks = TaskSet("events")
    ends = {
        tasks.spawn(_send_all(socket, services, asking, after, journal), "send"),
        tasks.spawn(_gone(socket, services, asking), "listen"),
    }
    over = tasks.spawn(_good_no_more(socket, services, asking), "still good")
    try:
        await asyncio.wait({revoked, over, *ends}, return_when=asyncio.FIRST_COMPLETED)
        if revoked.done() or over.done():
            await socket.close(NOT_SIGNED_IN, "signed out")
    finally:
        revoked.cancel()
        await tasks.close()


async def _let_in(socket: WebSocket, services: Services) -> Asking | None:
    """Who asks, unless the socket had to be closed. Pages of others may not use her cookie (RFC 6455, 10.2)."""
    asking = await identified(socket, services) if same_origin(socket.headers) else None
    if asking is None:
        await socket.close(NOT_SIGNED_IN, "not signed in")
        return None
    try:
        services.limits.count(ANY, asking.let_in_by)
    except Problem:
        await socket.close(TOO_MANY, "too many connections")
        return None
    if not asking.may(Permission.EVENTS_READ):
        await socket.close(NOT_ALLOWED, f"that needs the permission {Permission.EVENTS_READ}")
        return None
    return asking


async def _send_all(socket: WebSocket, services: Services, asking: Asking, after: int | None, journal: str) -> None:
    feed = services.feed
    view = View(asking, services, past=feed.last)
    known = after is not None and 0 <= after <= feed.last and journal in ("", feed.journal)
    place = after if known and after is not None else feed.last
    # She has left, does not read, or the store that tells what is hers is away: she comes back and misses nothing.
    with suppress(WebSocketDisconnect, TimeoutError, RuntimeError, SQLAlchemyError, OSError):
        await view.begin()
        await _send(socket, Message("hello", VERSION, place, {"resumed": known, "journal": feed.journal}))
        async for entries in feed.follow(place):
            for message in await view.of(entries):
                await _send(socket, message)
                await services.clock.sleep(0)  # who is far behind holds up nobody: calls are in the same loop


async def _send(socket: WebSocket, message: Message) -> None:
    """A client that does not read is let go; it may come back and miss nothing."""
    async with asyncio.timeout(SEND_WITHIN):
        await socket.send_text(msgspec.json.encode(message).decode())


async def _good_no_more(socket: WebSocket, services: Services, asking: Asking) -> None:
    """Returns once what let her in has run out, or lets in to other things. A store that is away ends nothing."""
    while True:
        await services.clock.sleep(CHECKED_EVERY)
        with suppress(SQLAlchemyError, OSError):
            now = await identified(socket, services)
            if now is None or (now.permissions, now.user.agent) != (asking.permissions, asking.user.agent):
                return


async def _gone(socket: WebSocket, services: Services, asking: Asking) -> None:
    """Returns when the client has left, or floods us. What it sends says nothing."""
    try:
        while True:
            await socket.receive_text()
            services.limits.count(CHANGES, "messages", asking.let_in_by)
    except (WebSocketDisconnect, KeyError, RuntimeError):
        return
    except Problem:
        await socket.close(TOO_MANY, "too many messages")


def _message(entry: Entry) -> Message:
    data = {"interaction_id": entry.interaction_id, "at": entry.at, **entry.body, **entry.contents}
    return Message(TYPES[entry.type], VERSION, entry.sequence, data)
