"""What is done with a customer's call: the flow of the number that she dialled, from its start or on from a point."""

import asyncio
from pathlib import Path

import structlog

from bridge.center import WholeCenter, read_center
from config.errors import ConfigErrors
from ivr.nodes.queue import Step as Queue
from ivr.runner import run
from ivr.session import Session
from telephony.acd.dispatcher import Acd
from telephony.call import Call
from telephony.clock import Clock
from telephony.contact import ContactState
from telephony.ledger import Point
from telephony.ports import EventSink

log = structlog.get_logger()


class Walks:
    """Walks through flows. `whole` is the center that new calls get; earlier revisions lie in `revisions`."""

    def __init__(self, revisions: Path, whole: WholeCenter, acd: Acd, clock: Clock, sink: EventSink) -> None:
        self._revisions, self._acd, self._clock, self._sink = revisions, acd, clock, sink
        self.whole = whole
        self._earlier: dict[str, WholeCenter] = {}

    async def begin(self, call: Call) -> None:
        """From the start, in the center as it is now."""
        center = self.whole.center
        if (number := center.numbers.get(call.contact.address)) is None:
            log.warning("number_leads_nowhere", address=call.contact.address)
            return
        await run(self.whole.flows[number.flow], Session(call, center, self._acd, self._clock), self._sink)

    async def go_on(self, point: Point | None, call: Call) -> None:
        """On from a point, in the center in which it was. Who waits is served even when her flow is gone."""
        whole = await self._center_of(point.revision) if point else self.whole
        flow = whole.flows.get(point.flow) if point else None
        if flow and point and point.node in flow.nodes:
            await run(flow, Session(call, whole.center, self._acd, self._clock), self._sink, point)
        elif call.contact.queue and call.contact.state is not ContactState.ARRIVED:
            await self._acd.enqueue(call.contact, call.contact.queue)
        else:
            await self.begin(call)

    def stands(self, dialled: str, queue: str, told: Point | None) -> Point | None:
        """Where in the flow of this number somebody is who stands in a queue and was at another point last; None when
        that was it, or the flow leads to no such queue."""
        center = self.whole.center
        if (number := center.numbers.get(dialled)) is None:
            return None
        nodes = self.whole.flows[number.flow].nodes
        names = [name for name, node in nodes.items() if isinstance(node, Queue) and node.queue == queue]
        if not names or (told and told.node in names and not told.exit):
            return None
        return Point(number.flow, center.revision, names[0], variables=dict(told.variables) if told else {})

    async def _center_of(self, revision: str) -> WholeCenter:
        """The present center in place of one that is gone."""
        if revision == self.whole.center.revision:
            return self.whole
        if revision not in self._earlier:
            try:
                self._earlier[revision] = await asyncio.to_thread(read_center, self._revisions / revision)
            except (ConfigErrors, OSError) as error:
                log.warning("revision_gone", revision=revision, reason=str(error))
                self._earlier[revision] = self.whole
        return self._earlier[revision]
