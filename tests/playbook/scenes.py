"""What many scenarios begin with: somebody waits, a phone rings for her, they talk."""

from tests.playbook.fake_people import FakeAgent, FakeCaller
from tests.playbook.fake_stage import FakePlay
from tests.playbook.sounds import MUSIC


async def waits(play: FakePlay, name: str = "bob") -> FakeCaller:
    """A caller who hears the music of sales."""
    caller = await play.caller(name)
    await caller.dials("1001")
    await caller.hears(MUSIC)
    return caller


async def rings(play: FakePlay) -> tuple[FakeAgent, FakeCaller]:
    """Ana's phone rings for Bob."""
    ana, bob = await play.agent("ana"), await play.caller("bob")
    await bob.dials("1001")
    await ana.rings()
    return ana, bob


async def talk(play: FakePlay) -> tuple[FakeAgent, FakeCaller]:
    """Ana and Bob talk."""
    ana, bob = await rings(play)
    await ana.answers()
    await bob.hears(ana)
    return ana, bob
