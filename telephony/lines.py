"""The legs and calls that are live now, found by id."""

from telephony.call import Call
from telephony.contact import Contact
from telephony.ids import new_id
from telephony.ledger import KnownLeg
from telephony.leg import Leg, LegEnd, LegState, Party
from telephony.record import Record


class Lines:
    """Live legs by their id and live calls by their contact's id. `node` begins the ids of legs that we make."""

    def __init__(self, record: Record, node: str) -> None:
        self._record, self._node = record, node
        self.legs: dict[str, Leg] = {}
        self.calls: dict[str, Call] = {}

    def caller_leg(self, id: str, contact: Contact) -> Leg:
        """The leg of a caller who rings us, under Asterisk's id for it."""
        return self._begin(Leg(id, Party.CALLER, contact.id, contact.interaction_id, LegState.RINGING))

    def agent_leg(self, contact: Contact) -> Leg:
        """A leg to an agent for a contact, under an id of ours."""
        return self._begin(Leg(f"{self._node}-{new_id()}", Party.AGENT, contact.id, contact.interaction_id))

    def take_up(self, known: KnownLeg) -> Leg:
        """A leg that an earlier controller told of; it is no news."""
        party, state = Party(known.party), LegState(known.state)
        leg = self.legs[known.id] = Leg(known.id, party, known.contact_id, known.interaction_id, state)
        if state not in (LegState.DIALING, LegState.RINGING):
            leg.up.set_result(None)
        return leg

    def ended(self, leg: Leg, end: LegEnd) -> None:
        """Notes that a leg is over, and lets go of it."""
        self._record.leg(leg, LegState.ENDED, end)
        self.legs.pop(leg.id, None)

    def _begin(self, leg: Leg) -> Leg:
        self.legs[leg.id] = leg
        self._record.leg_began(leg)
        return leg
