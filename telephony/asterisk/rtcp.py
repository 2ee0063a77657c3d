"""How legs sounded, as Asterisk knows it from RTP and RTCP.

At a leg's end a hang-up handler of the dialplan tells it by the manager interface, whoever ended the leg and however,
and no command waits for that. RTP counts are Asterisk's own; what it calls txjitter is the jitter of what it receives,
rxjitter what the phone reports of the packets that it got.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Final

import structlog

from telephony.asterisk.ami import Message
from telephony.events import Fact, LegMoved, LegQuality
from telephony.ledger import KnownLeg
from telephony.leg import LegState
from telephony.ports import EventSink
from telephony.quality import Counts, Quality, judge

log = structlog.get_logger()

HANDLER: Final = {"CHANNEL(hangup_handler_push)": "quality,s,1"}
"""Set on an outgoing leg, it tells at its end how it sounded, and its caller that it was answered; callers' get it in
the dialplan."""

EVENT: Final = "LegQuality"
MOST_UNTOLD: Final = 1000
_NO_COUNT: Final = 1 << 31


class LegQualities:
    """Publishes how each leg sounded. Follows the facts, to know whose leg it was."""

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink
        self._up: dict[str, LegMoved] = {}
        self._ended: OrderedDict[str, LegMoved] = OrderedDict()

    def follow(self, fact: Fact) -> None:
        """Takes one fact. Legs that ended without a word are remembered up to a number."""
        if not isinstance(fact, LegMoved):
            return
        if not fact.was:
            self._up[fact.leg_id] = fact
        elif fact.now == LegState.ENDED and (began := self._up.pop(fact.leg_id, None)):
            self._ended[fact.leg_id] = began
            if len(self._ended) > MOST_UNTOLD:
                self._ended.popitem(last=False)

    def remember(self, legs: Iterable[KnownLeg]) -> None:
        """Legs that began before a restart."""
        for leg in legs:
            self._up[leg.id] = LegMoved(
                interaction_id=leg.interaction_id,
                leg_id=leg.id,
                contact_id=leg.contact_id,
                party=leg.party,
                was="",
                now=leg.state,
            )

    def on_event(self, name: str, message: Message) -> None:
        """Takes one event of the manager interface; all but ours are passed over."""
        if name != "UserEvent" or message.get("UserEvent") != EVENT:
            return
        id = message.get("Uniqueid", "")
        leg = self._up.pop(id, None) or self._ended.pop(id, None)
        if leg and (counts := told(message.get("Statistics", ""))):
            self._publish(leg, judge(counts))

    def _publish(self, leg: LegMoved, quality: Quality) -> None:
        """A leg without sound, such as a phone's that only rang, has no quality."""
        if quality.received or quality.sent:
            self._sink.publish(
                LegQuality(
                    interaction_id=leg.interaction_id,
                    leg_id=leg.leg_id,
                    contact_id=leg.contact_id,
                    party=leg.party,
                    **asdict(quality),
                )
            )


def told(text: str) -> Counts | None:
    """The counts in CHANNEL(rtcp,all): `name=value;name=value`. None where there are none."""
    try:
        values = {name: float(value) for name, _, value in (each.partition("=") for each in text.split(";"))}
        return _counts(values)
    except (LookupError, ValueError) as error:
        log.debug("no_quality_told", reason=str(error))
        return None


def _counts(values: Mapping[str, float]) -> Counts:
    return Counts(
        received=_count(values["rxcount"]),
        lost=_count(values["lp"]),
        jitter=float(values["txjitter"]),
        sent=_count(values["txcount"]),
        lost_there=_count(values["rlp"]),
        jitter_there=float(values["rxjitter"]),
        round_trip=float(values["rtt"]),
    )


def _count(value: float) -> int:
    """Packets that came twice can make a loss negative, which Asterisk writes as a huge number."""
    return int(value) if 0 <= value < _NO_COUNT else 0
