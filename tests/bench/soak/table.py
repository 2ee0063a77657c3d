"""The table at the end of a soak."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles

from tests.bench.soak.reckoning import entries
from tests.bench.soak.run import Outcome
from tests.bench.soak.vitals import Sample, slope

EXAMPLES = 5


def lines(outcome: Outcome, log: Path) -> Iterator[str]:
    """Line by line."""
    yield f"calls placed {outcome.placed}, held back {outcome.held_back}"
    yield "  " + ", ".join(f"{what} {count}" for what, count in outcome.outcomes.most_common())
    yield f"wait until an agent {spread(outcome.kept.waits)} s"
    yield f"agent answers until the caller hears her {spread(_gaps(outcome))} s"
    yield f"left in Asterisk: {', '.join(f'{count} {what}' for what, count in outcome.left.items())}"
    yield f"facts {outcome.kept.facts}; fleet: {outcome.fleet_failures} failures, {outcome.fleet_late} times late"
    yield from _found(outcome)
    yield from _growth(outcome.samples)
    yield from _noise(log)


def spread(values: Sequence[float]) -> str:
    """Median and tail."""
    if len(values) < 2:
        return "unknown"
    cuts = quantiles(values, n=100, method="inclusive")
    return f"p50 {cuts[49]:.3f}  p95 {cuts[94]:.3f}  p99 {cuts[98]:.3f}  max {max(values):.3f}"


def _gaps(outcome: Outcome) -> list[float]:
    callers = {report.caller: report.heard for report in outcome.callers}
    return [
        callers[report.caller][report.phone] - report.answered
        for report in outcome.agents
        if report.answered and report.phone in callers.get(report.caller, {})
    ]


def _found(outcome: Outcome) -> Iterator[str]:
    for what, found in outcome.findings.found.items():
        yield f"{len(found):6}  {what}"
        yield from (f"          {each}" for each in found[:EXAMPLES])


def _growth(samples: Sequence[Sample]) -> Iterator[str]:
    for name in ("asterisk", "controller", "fleet"):
        own = [(each.calls, vitals) for each in samples if (vitals := getattr(each, name))]
        if len(own) < 2:
            continue
        (_, first), (calls, last) = own[0], own[-1]
        steep = slope([(each, vitals.memory) for each, vitals in own])
        rise = "unknown" if steep is None else f"{steep:+.2f} MB per 1,000 calls over the last quarter"
        lives = len({vitals.pid for _, vitals in own})
        used = 1000 * (last.processor - first.processor) / max(calls, 1)
        yield (
            f"{name}: {first.memory:.0f} -> {last.memory:.0f} MB ({rise}), {used:.1f} ms of processor a call,"
            f" files {first.files} -> {last.files}, threads {first.threads} -> {last.threads}, lives {lives}"
        )
    yield f"on disk {samples[0].disk:.1f} -> {samples[-1].disk:.1f} MB"


def _noise(log: Path) -> Iterator[str]:
    loud = (each for each in entries(log) if each.get("level") in ("warning", "error", "critical"))
    for (level, event), count in Counter((each["level"], each.get("event")) for each in loud).most_common():
        yield f"log: {count} {level} {event}"
