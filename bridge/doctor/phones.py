"""Agents' phones: whose are registered, and so ring."""

from collections.abc import Iterator
from typing import Final

from bridge.doctor.finding import Area, Finding
from bridge.doctor.patient import Patient
from bridge.status import AgentStatus

AREA: Final = Area("phones")


def registered(patient: Patient) -> Iterator[Finding]:
    """Who can be reached, and who cannot."""
    if (status := patient.status) is None:
        return
    here = [_told(name, agent) for name, agent in status.agents.items() if agent.reachable]
    away = [name for name, agent in status.agents.items() if not agent.reachable]
    if here:
        rest = f"; not registered: {', '.join(away)}" if away else ""
        yield AREA.ok("registered", f"{len(here)} of {len(status.agents)}: {', '.join(here)}{rest}")
    else:
        name = next(iter(away), "NAME")
        remedy = f"`throughline sip {name}` prints what a softphone needs; `throughline phone --agent {name}` is one."
        yield AREA.warning("registered", "no agent's phone is registered: callers wait", remedy)


def _told(name: str, agent: AgentStatus) -> str:
    return f"{name} ({agent.busy_with.replace('_', '-') or agent.presence})"


CHECKS: Final = (registered,)
