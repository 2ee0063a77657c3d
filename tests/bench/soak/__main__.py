"""`python -m tests.bench.soak --minutes 60 --rate 2.9 --agents 12`: a center of its own under an hour of calls."""

import argparse
import sys

import uvloop

from tests.bench.soak.center import OwnCenter
from tests.bench.soak.run import Outcome, Plan, Soak
from tests.bench.soak.table import lines


def main() -> int:
    """Exit status 0 when nothing was wrong and nothing was left."""
    asked = _asked()
    center = OwnCenter.make(asked.agents)
    print(f"state in {center.instance.home}", flush=True)
    try:
        center.open()
        plan = Plan(60 * asked.minutes, asked.rate, asked.agents, asked.seed)
        outcome = uvloop.run(_soak(center, plan))
        print("\n".join(lines(outcome, center.instance.log)), flush=True)
        return 1 if outcome.findings.wrong or any(outcome.left.values()) else 0
    finally:
        center.close(asked.keep)


async def _soak(center: OwnCenter, plan: Plan) -> Outcome:
    return await Soak(center, plan, lambda line: print(line, flush=True)).run()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=2.9, help="calls a second")
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep the state for a look at it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
