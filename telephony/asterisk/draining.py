"""Before Asterisk ends: calls that are up go on, waiting ones are still served, and new ones are refused.

Asterisk's own `core stop gracefully` would refuse agents' legs, too, and nobody who waits could be served. So the
dialplan refuses, up to a moment that is moved on as long as somebody drains: who dies meanwhile leaves no closed door.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from config.rendering import DRAINS
from telephony.asterisk.process import AsteriskProcess, NotAnswering

LOOK_EVERY: Final = 1.0
TELL_EVERY: Final = 5
REFUSED_FOR: Final = 5
_CALLS: Final = re.compile(r"^([0-9]+) active calls?", re.MULTILINE)

Tell = Callable[[int, float], None]


def drain(asterisk: AsteriskProcess, grace: float, now: Callable[[], datetime], tell: Tell) -> int:
    """Returns when no call is up any more, Asterisk has ended, or `grace` seconds are over: how many are still up.

    `tell` hears every five seconds how many go on, and for how many seconds at most. New calls are taken again by
    `resume`. Raises NotAnswering."""
    left = up(asterisk)
    for look in range(int(grace / LOOK_EVERY)):
        if not left:
            return 0
        _refuse_until(asterisk, int(now().timestamp()) + REFUSED_FOR)
        if look % TELL_EVERY == 0:
            tell(left, grace - look * LOOK_EVERY)
        if asterisk.ends(LOOK_EVERY):
            return 0
        left = up(asterisk)
    return left


def resume(asterisk: AsteriskProcess) -> None:
    """New calls are taken again. Raises NotAnswering."""
    _refuse_until(asterisk, 0)


def up(asterisk: AsteriskProcess) -> int:
    """How many calls are up. Raises NotAnswering."""
    shown = asterisk.cli("core show channels count")
    if not (found := _CALLS.search(shown)):
        raise NotAnswering(f"Asterisk does not tell how many calls are up: {shown}")
    return int(found[1])


def _refuse_until(asterisk: AsteriskProcess, moment: int) -> None:
    asterisk.cli(f"dialplan set global {DRAINS} {moment}")
