"""The whole suite in two processes: while people are heard in real time, which is mostly waiting, the rest is done."""

from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

WORKERS: Final = 2
REAL: Final = "tests/acceptance/"
# Of these nothing is judged by ear, and the pages share one browser and one center.
ASIDE: Final = ("asterisk_process", "dialplan", "doctor", "doors", "failures", "foreign", "http")
PAGES: Final = "tests/acceptance/web/"


def of_the_whole_suite(config: pytest.Config) -> int:
    """Two for all tests; what somebody chooses runs in the process that she started, where she sees and stops it."""
    return WORKERS if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


def company(nodeid: str) -> str:
    """Whom a test stays with, in one process and one after the other: who is heard in real time with all who are, the
    pages with the pages, and any other with those of its file."""
    file = nodeid.partition("::")[0]
    if file.startswith(PAGES):
        return PAGES
    aside = file in {f"{REAL}test_{name}.py" for name in ASIDE}
    return REAL if file.startswith(REAL) and not aside else file


class Schedule(LoadScopeScheduling):  # type: ignore[misc]
    """The companies of tests, as they come."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return company(nodeid)
