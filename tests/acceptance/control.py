"""A call of the same Asterisk that is not ours: what it suffers is the machine's doing, and the recorder's."""

from pathlib import Path
from typing import Final, Self

from config.instance import Instance
from tests import audio
from tests.acceptance.conftest import Phones, Throughline
from tests.bench.chaos.center import CONTROL, add_control

LONGEST_GAP: Final = 0.04
GRAIN: Final = 0.02
TONE: Final = 850


class Control:
    """Two people whom Asterisk alone connects."""

    def __init__(self, recording: Path) -> None:
        self._recording = recording

    @classmethod
    async def begin(cls, center: Throughline, people: Phones) -> Self:
        """They talk from now on."""
        callee, caller = await people.caller("control", tone=TONE), await people.caller("listener")
        add_control(Instance(center.home), (callee.ready.address, callee.ready.port))
        await caller.call(CONTROL)
        await callee.incoming()
        await callee.answer()
        await caller.answered()
        return cls(people.heard("listener"))

    def torn(self, recording: Path, tone: float) -> list[float]:
        """The gaps in a tone, in seconds, over 40 ms, that this call does not have too."""
        own = max(audio.gaps(self._recording, TONE), default=0.0)
        return [gap for gap in audio.gaps(recording, tone) if gap > max(LONGEST_GAP, own + GRAIN)]
