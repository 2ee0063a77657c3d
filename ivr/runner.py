"""Walks a flow, node by node, until one has no exit."""

from collections import Counter
from typing import Final

from ivr.flow import Flow
from ivr.session import Session
from telephony.events import Fact, NodeEntered, NodeLeft
from telephony.ledger import Point
from telephony.ports import EventSink

MOST_STEPS: Final = 1000


class EndlessFlow(Exception):
    """A flow took 1000 steps and waited for nobody: it would never have ended."""


async def run(flow: Flow, session: Session, sink: EventSink, point: Point | None = None) -> None:
    """Walks from the start, or on from a point of this flow, to the end. Each node entered is told as the flow's
    durable point, and can be entered again. Raises EndlessFlow, and whatever a node raises, noted with the node;
    cancelled when the person leaves."""
    await session.surface.answer()
    name, entries, steps = flow.start, Counter[str](), 0
    if point:
        name = _taken_up(flow, point, session, entries)
    known = point is not None and name == point.node and not point.exit
    while (exit := await _step(flow, name, entries, session, sink, known)) is not None:
        node, known = flow.nodes[name], False
        # A person who waits is never dropped, however often her flow goes round.
        steps = 0 if node.waits(exit) else steps + 1
        if steps == MOST_STEPS:
            raise EndlessFlow(flow.name)
        name = node.exits[exit]


def _taken_up(flow: Flow, point: Point, session: Session, entries: Counter[str]) -> str:
    """The node to go on with: the one of the point, anew, or the next one when it had been left already."""
    session.variables = dict(point.variables)
    exits = flow.nodes[point.node].exits
    if point.exit in exits:
        return exits[point.exit]
    entries[point.node] = point.attempt - 1
    return point.node


async def _step(
    flow: Flow, name: str, entries: Counter[str], session: Session, sink: EventSink, known: bool
) -> str | None:
    entries[name] += 1
    session.node, session.attempt = name, entries[name]
    if not known:
        sink.publish(_entered(flow, session))
    exit = await _take(flow, name, session)
    if exit is not None:
        sink.publish(_left(flow, exit, session))
    return exit


async def _take(flow: Flow, name: str, session: Session) -> str | None:
    node = flow.nodes[name]
    try:
        exit = await node.run(session)
        if exit is not None and exit not in node.exits:
            raise LookupError(f"no exit `{exit}`")
    except Exception as error:
        error.add_note(f"in node `{name}` of flow `{flow.name}`")
        raise
    return exit


def _entered(flow: Flow, session: Session) -> Fact:
    contact = session.surface.contact
    return NodeEntered(
        interaction_id=contact.interaction_id,
        contact_id=contact.id,
        flow=flow.name,
        revision=flow.revision,
        node=session.node,
        attempt=session.attempt,
        variables=dict(session.variables),
    )


def _left(flow: Flow, exit: str, session: Session) -> Fact:
    contact = session.surface.contact
    return NodeLeft(
        interaction_id=contact.interaction_id,
        contact_id=contact.id,
        flow=flow.name,
        node=session.node,
        exit=exit,
    )
