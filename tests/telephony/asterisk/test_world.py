"""What is read of Asterisk's channels and bridges."""

from datetime import UTC, datetime

from telephony.asterisk.ari_events import Channel, Dialplan
from telephony.asterisk.world import Bridge, World

WORLD = World(
    "throughline",
    datetime(2026, 1, 5, 9, tzinfo=UTC),
    {
        each.id: each
        for each in (
            Channel("ours", state="Up", dialplan=Dialplan(app_name="Stasis", app_data="throughline,inbound,1000")),
            Channel("made", state="Down", dialplan=Dialplan(app_name="Stasis", app_data="throughline,agent,c")),
            Channel("guarded", state="Ring", dialplan=Dialplan(app_name="Wait", app_data="1")),
            Channel("another's", state="Up", dialplan=Dialplan(app_name="Stasis", app_data="other,inbound,1000")),
        )
    },
    {
        each.id: each
        for each in (
            Bridge("join-c", "join", "mixing", ("ours", "made")),
            Bridge("holding-1", "holding default", "holding", ()),
            Bridge("theirs", "holding default", "mixing", ("another's",)),
        )
    },
)


def test_only_what_our_application_has_is_under_our_control() -> None:
    assert [id for id in WORLD.channels if WORLD.controlled(id)] == ["ours", "made"]
    assert not WORLD.controlled("nobody")
    assert WORLD.arguments("ours") == ["inbound", "1000"]
    assert WORLD.arguments("another's") == []


def test_bridges_tell_whose_they_are() -> None:
    assert {each.id: (each.contact, each.music) for each in WORLD.bridges.values()} == {
        "join-c": ("c", None),
        "holding-1": (None, "default"),
        "theirs": (None, None),
    }


def test_who_is_together() -> None:
    assert WORLD.together("c", "ours", "made")
    assert not WORLD.together("c", "ours", "guarded")
    assert not WORLD.together("d", "ours")
    assert {id: bridge.id for id, bridge in WORLD.where.items()} == {
        "ours": "join-c",
        "made": "join-c",
        "another's": "theirs",
    }


def test_a_leg_that_was_made_rings_once_it_was_dialled() -> None:
    assert not WORLD.rings_or_talks("made")
    assert WORLD.rings_or_talks("ours")
    assert not WORLD.rings_or_talks("nobody")
