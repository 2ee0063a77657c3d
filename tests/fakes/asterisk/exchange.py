"""The inside of the fake Asterisk: what happens to channels and bridges, and the events about it."""

import asyncio
import random
from collections.abc import Callable
from typing import Any, Final

from tests.fakes.asterisk.channels import Bridge, Channel, FarEnd
from tests.fakes.asterisk.playbacks import Playbacks

SHORTEST_DELAY: Final = 0.0002
LONGEST_DELAY: Final = 0.002
NO_ANSWER: Final = (19, 480)
Emit = Callable[[str, str, dict[str, Any]], None]


class Exchange:
    """All that a real Asterisk would hold. `emit` sends an event to an application; `changed` is called after whatever
    may change what somebody hears, `place` with a channel that is in the dialplan,
    `ended` with one whose hang-up handlers run. Asterisk's own delays follow from
    `seed`; `instant` takes them away."""

    def __init__(
        self,
        emit: Emit,
        changed: Callable[[], None],
        place: Callable[[Channel], None],
        ended: Callable[[Channel], None],
        seed: int = 0,
    ) -> None:
        self._emit, self.changed, self._place, self._ended = emit, changed, place, ended
        self._random = random.Random(seed)
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, Bridge] = {}
        self.playbacks = Playbacks(self._about, changed)
        self.instant = False
        self._count = 0
        self._dialling: dict[str, asyncio.TimerHandle] = {}
        self._entering: dict[str, tuple[str, tuple[str, ...]]] = {}

    def delay(self) -> float:
        """How long Asterisk takes for one thing."""
        return 0.0 if self.instant else self._random.uniform(SHORTEST_DELAY, LONGEST_DELAY)

    def soon(self, work: Callable[..., None], *arguments: Any) -> None:
        """Does something in a moment, or at once where everything is instant."""
        if self.instant:
            work(*arguments)
        else:
            asyncio.get_running_loop().call_later(self.delay(), work, *arguments)

    def invited(self, far: FarEnd, account: str, number: str) -> Channel:
        """A call came in, from an agent's account or by the door for everybody, `loopback`."""
        caller = (far.name.title(), far.name)
        channel = Channel(self._id(), self._name(account), "Ring", caller, far, "guard", number)
        self.channels[channel.id] = channel
        self._place(channel)
        return channel

    def created(self, id: str, far: FarEnd, app: str, arguments: tuple[str, ...], originator: str) -> Channel:
        """An outgoing channel, not dialled yet; it comes into Stasis a moment later."""
        channel = Channel(id or self._id(), self._name(far.name), "Down", ("", far.name), far, "agents", "s")
        if caller := self.channels.get(originator):
            channel.connected = caller.caller
        self.channels[channel.id] = channel
        self._entering[channel.id] = (app, arguments)
        self.soon(self._enter, channel)
        return channel

    def enter_stasis(self, channel: Channel, app: str, arguments: tuple[str, ...]) -> None:
        """A channel comes under an application's control."""
        if not channel.over:
            channel.app, channel.arguments = app, arguments
            self._tell(channel, "StasisStart", args=list(arguments))

    def leave_stasis(self, channel: Channel, number: str) -> None:
        """A channel goes on in the dialplan, as if it had dialled this number."""
        self.leave_bridge(channel)
        self._tell(channel, "StasisEnd")
        channel.app, channel.arguments, channel.exten = "", (), number
        self._place(channel)

    def answer(self, channel: Channel) -> None:
        """We answer a caller; to answer again changes nothing."""
        if channel.state != "Up":
            self._move(channel, "Up")
            channel.far.answered(channel)

    def dial(self, channel: Channel, timeout: float) -> None:
        """A created channel rings at its far end, for at most so long."""
        if not channel.dialled:
            channel.dialled = True
            self.soon(self._dial, channel, timeout)

    def rings(self, channel: Channel) -> None:
        """The far end said 180."""
        if not channel.over and channel.state == "Down":
            self._ring_tone_beside(channel)
            self._move(channel, "Ringing")
            self._about(channel, "Dial", {"peer": channel.shown(), "dialstatus": "RINGING"})

    def picked_up(self, channel: Channel) -> None:
        """The far end said 200; too late, it gets a BYE."""
        if channel.over:
            channel.far.ended(channel)
            return
        self._stop_dialling(channel)
        for member in channel.bridge.members if channel.bridge else ():
            member.ring_tone = False
        self._move(channel, "Up")
        self._about(channel, "Dial", {"peer": channel.shown(), "dialstatus": "ANSWER"})

    def pressed(self, channel: Channel, key: str) -> None:
        """A key of the far end went up."""
        if not channel.over:
            self._tell(channel, "ChannelDtmfReceived", digit=key, duration_ms=100)

    def hang_up(self, channel: Channel, cause: int = 16, sip_status: int = 0) -> None:
        """A channel ends, whoever wanted that: first for its bridge, then for its application, then for good."""
        if channel.over:
            return
        self._enter(channel)  # on its way there it is not stopped any more
        channel.over = True
        self._stop_dialling(channel)
        self._tell(channel, "ChannelHangupRequest", cause=cause)
        self.playbacks.fail_all(channel)
        self.leave_bridge(channel)
        channel.far.ended(channel)
        self.changed()
        self.soon(self._end_stasis, channel, cause, sip_status)

    def die(self) -> None:
        """All channels, bridges and playbacks are gone at once, and nobody is told."""
        for channel in list(self.channels.values()):
            channel.app, channel.over = "", True
            self._stop_dialling(channel)
            self.playbacks.fail_all(channel)
            channel.far.ended(channel)
        self.channels.clear()
        self._entering.clear()
        self.bridges.clear()
        self.changed()

    def make_bridge(self, id: str, kind: str, name: str) -> Bridge:
        """An empty bridge."""
        bridge = self.bridges[id] = Bridge(id, kind, name)
        return bridge

    def destroy_bridge(self, bridge: Bridge) -> None:
        """A bridge goes; its channels stay, by themselves."""
        for member in list(bridge.members):
            self.leave_bridge(member)
        del self.bridges[bridge.id]

    def start_music(self, bridge: Bridge, music: str) -> None:
        """Music plays in a bridge, even while it is empty."""
        bridge.music = music
        self.changed()

    def enter_bridge(self, bridge: Bridge, channel: Channel) -> None:
        """A channel joins a bridge, and leaves the one where it was."""
        self.leave_bridge(channel)
        channel.music = False
        bridge.members.append(channel)
        channel.bridge = bridge
        self._tell(channel, "ChannelEnteredBridge", bridge=bridge.shown())
        self.changed()

    def leave_bridge(self, channel: Channel) -> None:
        """A channel is by itself again. The music of a bridge ends with its last channel."""
        if (bridge := channel.bridge) is None:
            return
        channel.bridge = None
        bridge.members.remove(channel)
        bridge.music = bridge.music if bridge.members else ""
        self._tell(channel, "ChannelLeftBridge", bridge=bridge.shown())
        self.changed()

    def _enter(self, channel: Channel) -> None:
        if where := self._entering.pop(channel.id, None):
            self.enter_stasis(channel, *where)

    def _dial(self, channel: Channel, timeout: float) -> None:
        if not channel.over:
            self._about(channel, "Dial", {"peer": channel.shown(), "dialstatus": ""})
            loop = asyncio.get_running_loop()
            self._dialling[channel.id] = loop.call_later(timeout, self.hang_up, channel, *NO_ANSWER)
            channel.far.dialled(channel)

    def _stop_dialling(self, channel: Channel) -> None:
        if timer := self._dialling.pop(channel.id, None):
            timer.cancel()

    def _end_stasis(self, channel: Channel, cause: int, sip_status: int) -> None:
        self._tell(channel, "StasisEnd")
        self.soon(self._destroy, channel, cause, sip_status)

    def _destroy(self, channel: Channel, cause: int, sip_status: int) -> None:
        """The application is often not told of a caller's, since it has let go of her by then."""
        if self.channels.pop(channel.id, None) is None:
            return
        self._ended(channel)
        if channel.context == "agents" or self._random.random() < 0.5:
            status = {"tech_cause": sip_status} if sip_status else {}
            self._tell(channel, "ChannelDestroyed", cause=cause, cause_txt="", **status)

    def _ring_tone_beside(self, channel: Channel) -> None:
        for member in channel.bridge.members if channel.bridge else ():
            member.ring_tone = member is not channel and member.state == "Up"

    def _move(self, channel: Channel, state: str) -> None:
        channel.state = state
        if state == "Up":
            channel.up_since = asyncio.get_running_loop().time()
        self._tell(channel, "ChannelStateChange")
        self.changed()

    def _tell(self, channel: Channel, kind: str, **fields: Any) -> None:
        self._about(channel, kind, {"channel": channel.shown(), **fields})

    def _about(self, channel: Channel, kind: str, fields: dict[str, Any]) -> None:
        if channel.app:
            self._emit(channel.app, kind, fields)

    def _id(self) -> str:
        self._count += 1
        return f"one-1767603600.{self._count}"

    def _name(self, account: str) -> str:
        self._count += 1
        return f"PJSIP/{account}-{self._count:08x}"
