"""What differs between our mind and Asterisk is healed within five seconds; what agrees is left alone."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony.assignment import Assignment
from telephony.asterisk.ari_events import Channel, Dialplan
from telephony.asterisk.world import Bridge, World
from telephony.contact import Medium
from telephony.ledger import KnownLeg
from telephony.leg import Leg, Party
from telephony.reconciler import Difference, Kind, Mind, differences
from tests.fakes.clock import on_virtual_time, run
from tests.playbook import center as test_center
from tests.playbook.fake_people import FakeCaller
from tests.playbook.fake_stage import FakePlay, fake_stage
from tests.playbook.sounds import MUSIC
from tests.stores import empty_store

WITHIN = 5.0
OURS = Dialplan(app_name="Stasis", app_data="throughline,inbound,1000")


def world(channels: tuple[str, ...] = (), *bridges: Bridge) -> World:
    return World(
        "throughline",
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        {id: Channel(id, state="Up", dialplan=OURS) for id in channels},
        {bridge.id: bridge for bridge in bridges},
    )


@on_virtual_time
async def test_what_agrees_is_no_difference() -> None:
    caller, agent = Leg("a", Party.CALLER, "c", "i"), Leg("b", Party.AGENT, "c", "i")
    waits = Leg("w", Party.CALLER, "d", "i")
    seen = world(("a", "b", "w"), Bridge("join-c", "join", "mixing", ("a", "b")), _room("w"))
    legs = {leg.id: leg for leg in (caller, agent, waits)}
    assert list(differences(seen, Mind(legs, (), {"c": caller, "d": waits}, {"room"}, {"d"}))) == []


@on_virtual_time
async def test_a_leg_that_is_just_being_made_is_no_difference() -> None:
    made = Leg("b", Party.AGENT, "c", "i")
    mind = Mind({"b": made}, calls={"c": Leg("a", Party.CALLER, "c", "i")})
    assert list(differences(world(), mind)) == []
    made.ours.set_result(None)
    assert list(differences(world(), mind)) == [Difference(Kind.LEG_WITHOUT_CHANNEL, "b")]


@on_virtual_time
async def test_what_is_just_being_done_to_a_leg_is_no_difference() -> None:
    ends, waits = Leg("e", Party.AGENT, "gone", "i"), Leg("w", Party.CALLER, "d", "i")
    mind = Mind({"e": ends, "w": waits}, {"e", "w"}, {"d": waits}, waiting={"d"})
    assert list(differences(world(("e", "w")), mind)) == []


@on_virtual_time
async def test_each_kind_is_seen() -> None:
    seen = world(("stranger", "w", "o"), Bridge("join-gone", "join", "mixing"), _room())
    waits, left_over = Leg("w", Party.CALLER, "d", "i"), Leg("o", Party.AGENT, "gone", "i")
    mind = Mind({"w": waits, "o": left_over}, calls={"d": waits}, waiting={"d"})
    assert set(differences(seen, mind)) == {
        Difference(Kind.CHANNEL_WITHOUT_LEG, "stranger"),
        Difference(Kind.LEG_OF_NO_CALL, "o"),
        Difference(Kind.BRIDGE_FOR_NOBODY, "join-gone"),
        Difference(Kind.BRIDGE_FOR_NOBODY, "room"),
        Difference(Kind.WAITS_WITHOUT_MUSIC, "d"),
    }


def _room(*channels: str) -> Bridge:
    return Bridge("room", "holding default", "holding", channels)


async def _waits(play: FakePlay) -> FakeCaller:
    bob = await play.caller("bob")
    await bob.dials("1001")
    await bob.hears(MUSIC)
    await play.passes(1)
    return bob


async def her_music_has_ended(play: FakePlay) -> None:
    bob = await _waits(play)
    assert bob.phone.channel
    play.asterisk.exchange.leave_bridge(bob.phone.channel)
    assert MUSIC not in bob.phone.hears
    await play.passes(WITHIN)
    assert MUSIC in bob.phone.hears


async def her_channel_is_gone_and_nobody_said_so(play: FakePlay) -> None:
    bob = await _waits(play)
    assert bob.phone.channel
    channel = bob.phone.channel
    play.asterisk.exchange.leave_bridge(channel)
    del play.asterisk.exchange.channels[channel.id]
    await play.passes(WITHIN)
    assert play.app.lines.legs == {}
    assert play.app.acd.waiting("sales") == 0


async def a_leg_is_nobodys(play: FakePlay) -> None:
    ana = await play.agent("ana")
    play.asterisk.exchange.created("stray", ana.phone, "throughline", ("agent", "nobody"), "")
    await play.passes(WITHIN)
    assert play.asterisk.exchange.channels == {}


async def a_leg_of_ours_is_of_no_call(play: FakePlay) -> None:
    ana = await play.agent("ana")
    play.app.lines.take_up(KnownLeg("stray", "agent", "no contact", "i", "up"))
    play.asterisk.exchange.created("stray", ana.phone, "throughline", ("agent", "no contact"), "")
    await play.passes(WITHIN)
    assert play.asterisk.exchange.channels == {}


async def a_bridge_is_nobodys(play: FakePlay) -> None:
    play.asterisk.exchange.make_bridge("join-nobody", "mixing", "join")
    await play.passes(WITHIN)
    assert play.asterisk.exchange.bridges == {}


async def an_agent_is_held_by_nobody(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    play.app.acd.staff.take(Assignment("lost", "no contact", "i", "ana", "sales", Medium.VOICE))
    await bob.dials("1001")
    await ana.rings(within=WITHIN)


async def an_offer_is_overlooked(play: FakePlay) -> None:
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await ana.leaves()
    await bob.dials("1001")
    await bob.hears(MUSIC)
    play.asterisk.manager.tell = lambda *_: None  # type: ignore[method-assign]
    await ana.comes_back()
    play.app.acd.agents["ana"].trouble = ""
    await ana.rings(within=WITHIN)


BROKEN: dict[Kind, Callable[[FakePlay], Awaitable[None]]] = {
    Kind.WAITS_WITHOUT_MUSIC: her_music_has_ended,
    Kind.LEG_WITHOUT_CHANNEL: her_channel_is_gone_and_nobody_said_so,
    Kind.CHANNEL_WITHOUT_LEG: a_leg_is_nobodys,
    Kind.BRIDGE_FOR_NOBODY: a_bridge_is_nobodys,
    Kind.LEG_OF_NO_CALL: a_leg_of_ours_is_of_no_call,
    Kind.AGENT_HELD_BY_NOBODY: an_agent_is_held_by_nobody,
    Kind.IDLE_WHILE_SOMEBODY_WAITS: an_offer_is_overlooked,
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_healed_within_five_seconds_and_counted(kind: Kind, tmp_path: Path) -> None:
    empty_store()
    run(_healed(kind, test_center.build(tmp_path / "center")))


async def _healed(kind: Kind, center: Path) -> None:
    async with fake_stage(center) as play:
        await BROKEN[kind](play)
        assert play.app._reconciler.healings[kind] == 1
        numbers = play.app.metrics.exposition()[0].decode()
        assert f'differences_healed_total{{kind="{kind.replace(" ", "_")}"}} 1.0' in numbers
