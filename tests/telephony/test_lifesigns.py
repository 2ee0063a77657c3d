"""Each caller's line is asked every half minute; an agent's phone is noticed by its sound."""

from pathlib import Path

from tests.fakes.clock import run
from tests.playbook import center as test_center
from tests.playbook.fake_stage import fake_stage
from tests.stores import empty_store

ASKED = "PJSIP_SEND_SESSION_REFRESH()"


def test_a_callers_line_is_asked_every_half_minute(tmp_path: Path) -> None:
    empty_store()
    run(_asked(test_center.build(tmp_path / "center")))


async def _asked(center: Path) -> None:
    async with fake_stage(center) as play:
        bob = await play.caller("bob")
        await bob.dials("1001")
        asked = []
        for _ in range(3):
            await play.passes(32)
            assert bob.phone.channel
            asked.append(bob.phone.channel.variables.pop(ASKED, None))
        assert asked == ["update"] * 3
        ana = await play.agent("ana")
        await ana.rings()
        await ana.answers()
        await bob.hears(ana)
        await play.passes(32)
        assert ana.phone.channel
        assert bob.phone.channel
        assert ASKED in bob.phone.channel.variables
        assert ASKED not in ana.phone.channel.variables
