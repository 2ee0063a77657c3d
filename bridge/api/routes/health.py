"""Whether we live and are ready to serve, and the figures of /metrics."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from bridge.api.asking import Allow, AllowAnybody, Asking
from bridge.api.services import Use
from bridge.people.roles import Permission

router = APIRouter(tags=["health"])


@router.get("/healthz", dependencies=[Depends(AllowAnybody())])
async def healthz() -> dict[str, str]:
    """That the controller answers at all."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[Depends(AllowAnybody())])
async def readyz(response: Response, services: Use) -> dict[str, bool]:
    """Whether calls would be served: 503 while Asterisk is away. Neither a store that lags nor a full disk, which keeps
    the `journal` in memory, keeps anybody from calling."""
    status = await services.status()
    ready = status.ari and status.ami
    response.status_code = 200 if ready else 503
    kept = {"store": status.lag == 0, "journal": not status.hindered}
    return {"ready": ready, "asterisk": status.ari, "manager": status.ami} | kept


@router.get("/metrics", response_class=Response)
async def metrics(_: Annotated[Asking, Depends(Allow(Permission.METRICS_READ))], services: Use) -> Response:
    """Figures for Prometheus; give it a token with the scope metrics:read."""
    body, media_type = services.metrics()
    return Response(body, headers={"Content-Type": media_type})
