"""What Asterisk has: channels, bridges and playbacks, and how its REST interface shows them."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.fakes.clock import VirtualClock

Shown = dict[str, Any]


class FarEnd(Protocol):
    """The phone at the other end of a channel."""

    name: str
    vanished: bool

    def dialled(self, channel: "Channel") -> None:
        """An INVITE came."""

    def answered(self, channel: "Channel") -> None:
        """The call that the phone placed was answered."""

    def ended(self, channel: "Channel") -> None:
        """A BYE, a CANCEL or a refusal came, or the end that the phone itself asked for was confirmed."""


@dataclass(eq=False)
class Playback:
    """A file that plays to a channel, or waits for the one before it; `whole` once it has played to its end."""

    id: str
    media: str
    channel: "Channel"
    state: str = "queued"
    whole: bool = False

    def shown(self) -> Shown:
        """As JSON."""
        target = f"channel:{self.channel.id}"
        return {"id": self.id, "media_uri": self.media, "target_uri": target, "language": "en", "state": self.state}


@dataclass(eq=False)
class Bridge:
    """A mixing or a holding bridge. `music` is the class that plays in it."""

    id: str
    kind: str
    name: str
    music: str = ""
    members: list["Channel"] = field(default_factory=list)

    def shown(self) -> Shown:
        """As JSON."""
        return {
            "id": self.id,
            "technology": "holding_bridge" if self.kind == "holding" else "simple_bridge",
            "bridge_type": self.kind,
            "bridge_class": "stasis",
            "creator": "Stasis",
            "name": self.name,
            "channels": [member.id for member in self.members],
            "creationtime": VirtualClock().now().isoformat(),
        }


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(eq=False)
class Channel:
    """One leg. `app` is the Stasis application that has it, empty while it is in the dialplan; `music` is that
    of the dialplan; `quiet` is set while nothing plays to it; `up_since` is when it was answered, None before."""

    id: str
    name: str
    state: str
    caller: tuple[str, str]
    far: FarEnd
    context: str
    exten: str
    app: str = ""
    arguments: tuple[str, ...] = ()
    connected: tuple[str, str] = ("", "")
    bridge: Bridge | None = None
    playing: deque[Playback] = field(default_factory=deque)
    quiet: asyncio.Event = field(default_factory=_set_event)
    variables: dict[str, str] = field(default_factory=dict)
    music: bool = False
    ring_tone: bool = False
    dialled: bool = False
    over: bool = False
    up_since: float | None = None

    def shown(self) -> Shown:
        """As JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "protocol_id": f"call-of-{self.id}",
            "caller": {"name": self.caller[0], "number": self.caller[1]},
            "connected": {"name": self.connected[0], "number": self.connected[1]},
            "accountcode": "",
            "dialplan": self._dialplan(),
            "creationtime": VirtualClock().now().isoformat(),
            "language": "en",
        }

    def counts(self) -> dict[str, float]:
        """What RTCP tells: fifty packets a second each way since the answer, and none lost."""
        packets = 0 if self.up_since is None else round((asyncio.get_running_loop().time() - self.up_since) * 50)
        nothing = dict.fromkeys(("rxjitter", "txjitter", "rtt", "rxploss", "txploss"), 0.0)
        return nothing | {"rxcount": packets, "txcount": packets}

    def _dialplan(self) -> Shown:
        inside = {"app_name": "Stasis", "app_data": ",".join((self.app, *self.arguments))} if self.app else {}
        return {"context": self.context, "exten": self.exten, "priority": 3, "app_name": "", "app_data": ""} | inside
