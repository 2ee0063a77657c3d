"""What a controller and the process that watches it say to each other."""

from typing import Final

READY: Final = "ready"
"""The line on its standard output by which a controller tells that callers are served."""

FENCED: Final = 3
"""The exit status of a controller whose place another one has taken."""
