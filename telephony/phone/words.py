"""What happens on a phone, in plain words for a person."""

from telephony.phone import protocol
from telephony.phone.protocol import Event


def describe(event: Event) -> str | None:
    """A line for a terminal; None for what a person need not read."""
    match event:
        case protocol.Incoming():
            return _incoming(event)
        case protocol.CallEvent():
            said = _about_call(event)
            return f"Call {event.call} {said}" if said else None
        case protocol.Registered(seconds=seconds):
            return f"Registered for {seconds} s."
        case protocol.Unregistered(code=200):
            return "No longer registered."
        case protocol.Unregistered(code=code, reason=reason):
            return f"Not registered: {code} {reason}."
        case protocol.Error(reason=reason):
            return f"That failed: {reason}"
    return None


def _incoming(event: protocol.Incoming) -> str:
    who = f"{event.name} ({event.number})" if event.name else event.number or "an unknown number"
    matter = event.headers.get("X-Interaction-Id")
    about = f", interaction {matter}" if matter else ""
    return f"Call {event.call} comes from {who}{about}: answer, decline or busy?"


def _about_call(event: protocol.CallEvent) -> str | None:
    match event:
        case protocol.Ringing():
            return "rings."
        case protocol.EarlyMedia():
            return "can be heard before the answer."
        case protocol.Confirmed():
            return "is answered."
        case protocol.Held(by=by):
            return "is on hold." if by == "us" else "is held by the other side."
        case protocol.Resumed():
            return "goes on."
        case protocol.Transferred(code=code, reason=reason):
            return f"was transferred: {code} {reason}."
        case protocol.Dtmf(digit=digit, seconds=seconds):
            return f"sent the key {digit} ({seconds:g} s)."
        case protocol.Played(path=path):
            return f"was sent all of {path}."
        case protocol.Stats(media=media):
            return f"has {traffic(media)}."
        case protocol.Disconnected(code=code, reason=reason, by=by, media=media):
            return f"was ended by {'us' if by == 'us' else 'the other side'}: {code} {reason}; {traffic(media)}."
    return None


def traffic(media: protocol.Media) -> str:
    """RTP in words."""
    sent, received, lost = media.packets_sent, media.packets_received, media.packets_lost
    how = ", encrypted" if media.encrypted else ""
    return f"{sent} packets sent, {received} received, {lost} lost{how}"
