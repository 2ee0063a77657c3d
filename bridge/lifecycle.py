"""What a controller and the process that watches it say to each other."""

from typing import Final

GO: Final = "go"
"""The line on its standard input for which a controller waits when it has loaded all that it needs."""

READY: Final = "ready"
"""The line on its standard output by which a controller tells that callers are served."""

ALIVE: Final = "alive"
"""The line by which it tells, again and again, that it is not frozen."""

HINDERED: Final = "hindered"
"""The same, from one whose facts the disk does not take."""

SIGN_EVERY: Final = 1.0
SIGN_WITHIN: Final = 4.0
"""Seconds from one sign of life to the next, and without one until a controller counts as frozen."""

TAKEN_OVER: Final = 3
"""The exit status of a controller whose place another one has taken."""

STALLED: Final = 4
"""The exit status of a controller that stood still for so long that a new one has to read the world anew."""
