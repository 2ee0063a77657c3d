"""What SIPp's log tells of callers."""

import pytest

from tests.bench.chaos.load import take
from tests.bench.chaos.seen import WALL, Caller
from tests.fleet.call import THEM

LOG = """\
2026-11-22\t08:41:26.786645\t1795336886.786645 placed 070011
2026-11-22\t08:41:26.986149\t1795336886.986149 placed 070012
2026-11-22\t08:41:27.793649\t1795336887.793649 answered 070011
something else
2026-11-22\t08:41:29.193649\t1795336889.193649 ended 070011
2026-11-22\t08:41:29.200000\t1795336889.200000 refused 070012
"""


def test_each_caller_is_followed_from_her_call_to_its_end() -> None:
    callers: dict[str, Caller] = {}
    for line in LOG.splitlines():
        take(callers, line)
    served, refused = callers.values()
    assert (served.number, served.answered is not None, served.ended_by) == ("070011", True, THEM)
    assert served.placed + WALL == pytest.approx(1795336886.786645)
    assert (refused.number, refused.answered, refused.ended_by) == ("070012", None, THEM)
