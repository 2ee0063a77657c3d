"""The center that runs, to be read."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from bridge.api.asking import Allow, Asking
from bridge.api.services import Use
from bridge.people.roles import Permission

router = APIRouter(tags=["configuration"])


@router.get("/configuration")
async def read_configuration(
    _: Annotated[Asking, Depends(Allow(Permission.CONFIGURATION_READ))], services: Use
) -> dict[str, Any]:
    """What center.yaml, queues.yaml, agents.yaml, hours.yaml and flows/ say, as they are in use."""
    center, flows, now = services.center(), services.flows(), services.clock.now()
    return {
        "revision": center.revision,
        "center": {"name": center.name, "timezone": str(center.timezone), "language": center.language},
        "numbers": [{"number": number, "flow": each.flow} for number, each in center.numbers.items()],
        "queues": [each.model_dump(mode="json") for each in center.queues.values()],
        "agents": [each.model_dump(mode="json") for each in center.agents.values()],
        "hours": [{"name": name, "open_now": each.is_open(now)} for name, each in center.hours.items()],
        "flows": [{"name": name, "start": each.start, "nodes": sorted(each.nodes)} for name, each in flows.items()],
    }
