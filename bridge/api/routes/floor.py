"""Queues and agents as they are now."""

from typing import Annotated

from fastapi import APIRouter, Depends

from bridge.api.asking import Allow, Asking
from bridge.api.problems import Problem, not_found
from bridge.api.services import Services, Use
from bridge.api.shapes import Agents, AgentShown, PresenceWanted, Queues, QueueShown, StandingLine
from bridge.people.roles import Permission
from config.loader import Center
from config.schema import Agent as AgentSection
from config.schema import Queue
from telephony.acd.standing import Standing
from telephony.agent import Presence

router = APIRouter(tags=["floor"])

SeesQueues = Annotated[Asking, Depends(Allow(Permission.QUEUES_READ))]
SeesAgents = Annotated[Asking, Depends(Allow(Permission.AGENTS_READ))]
Chooses = Annotated[Asking, Depends(Allow(Permission.PRESENCE_WRITE, Permission.OWN_PRESENCE_WRITE))]


@router.get("/queues")
async def list_queues(_: SeesQueues, services: Use) -> Queues:
    """All queues, live."""
    center = services.center()
    return Queues(items=[_queue(each, center, services) for each in center.queues.values()])


@router.get("/agents")
async def list_agents(_: SeesAgents, services: Use) -> Agents:
    """All agents, each with the line that says what she is to the router."""
    known = services.acd.agents
    return Agents(items=[_agent(each, services) for each in services.center().agents.values() if each.name in known])


@router.put("/agents/{name}/presence")
async def choose_presence(name: str, wanted: PresenceWanted, asking: Chooses, services: Use) -> AgentShown:
    """Say whether an agent takes contacts; agents for themselves."""
    section = services.center().agents.get(name)
    if section is None or (not asking.may(Permission.PRESENCE_WRITE) and asking.user.agent != name):
        raise not_found("agent" if asking.may(Permission.PRESENCE_WRITE) else "agent that is you")
    own = asking.user.agent == name
    reason = wanted.reason or ("chosen on her page" if own else f"chosen by {asking.user.username}")
    if not services.acd.staff.choose(name, Presence(wanted.presence), reason):
        raise Problem(409, "not_possible", f"{name} cannot become {wanted.presence} now.")
    return _agent(section, services)


def _queue(queue: Queue, center: Center, services: Services) -> QueueShown:
    serving = [agent for agent in services.acd.agents.values() if queue.name in agent.queues]
    standings = [services.floor.standing(agent) for agent in serving]
    hours = center.hours[queue.hours] if queue.hours else None
    return QueueShown(
        name=queue.name,
        title=queue.title,
        open=hours is None or hours.is_open(services.clock.now()),
        waiting=services.acd.waiting(queue.name),
        longest_wait_seconds=services.acd.longest_wait(queue.name),
        talking=services.acd.talking(queue.name),
        agents_free=standings.count(Standing.FREE),
        agents_total=len(serving),
        service_level_seconds=queue.service_level,
    )


def _agent(section: AgentSection, services: Services) -> AgentShown:
    agent, line = services.acd.agents[section.name], services.floor.line(section.name)
    return AgentShown(
        name=section.name,
        title=section.title,
        extension=section.extension,
        queues=list(section.queues),
        presence=agent.presence,
        presence_reason=services.floor.reason(section.name),
        reachable=agent.reachable,
        fit=line.code is Standing.FREE,
        line=StandingLine(code=line.code, text=line.text, ends=line.ends, since=line.since, until=line.until),
    )
