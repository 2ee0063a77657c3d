"""Walks a flow, node by node, until one has no exit."""

from typing import Final

from ivr.flow import Flow
from ivr.session import Session
from telephony.events import NodeEntered, NodeLeft
from telephony.ports import EventSink

MOST_STEPS: Final = 1000


class EndlessFlow(Exception):
    """A flow took 1000 steps: it would never have ended."""


async def run(flow: Flow, session: Session, sink: EventSink) -> None:
    """Walks from the start to the end. Each node entered is told as the flow's durable point, and can be entered
    again. Raises EndlessFlow; cancelled when the person leaves."""
    await session.surface.answer()
    name: str | None = flow.start
    entries: dict[str, int] = {}
    for _ in range(MOST_STEPS):
        if name is None:
            return
        entries[name] = entries.get(name, 0) + 1
        name = await _step(flow, name, entries[name], session, sink)
    raise EndlessFlow(flow.name)


async def _step(flow: Flow, name: str, attempt: int, session: Session, sink: EventSink) -> str | None:
    contact, node = session.surface.contact, flow.nodes[name]
    sink.publish(
        NodeEntered(
            interaction_id=contact.interaction_id,
            contact_id=contact.id,
            flow=flow.name,
            revision=flow.revision,
            node=name,
            attempt=attempt,
            variables=dict(session.variables),
        )
    )
    if (exit := await node.run(session)) is None:
        return None
    sink.publish(
        NodeLeft(
            interaction_id=contact.interaction_id,
            contact_id=contact.id,
            flow=flow.name,
            node=name,
            exit=exit,
        )
    )
    return node.exits[exit]
