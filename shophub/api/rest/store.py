"""What everybody may know: that the shop is alive, how it is, and its public settings."""

from fastapi import APIRouter, Request, Response

from shophub.api.caching import public_json
from shophub.api.dependencies import SessionDep
from shophub.api.permissions import PUBLIC
from shophub.services import monitoring, stores

router = APIRouter(prefix="/api", tags=["store"])

SETTINGS_SECONDS = 2  # as long as a saved setting may take to show


@router.get("/health", dependencies=[PUBLIC])
async def get_health() -> dict[str, str]:
    """Say that the process answers; asks nothing else."""
    return {"status": "ok"}


@router.get("/monitoring/health", dependencies=[PUBLIC])
async def get_monitoring_health(response: Response) -> monitoring.Health:
    """Say how the parts are; 503 when one of them is not well."""
    health = await monitoring.check_health()
    response.headers["Cache-Control"] = "no-store"
    if health.status != "ok":
        response.status_code = 503
    return health


@router.get("/public-settings", dependencies=[PUBLIC])
async def get_public_settings(request: Request, session: SessionDep) -> Response:
    """Return the settings that shoppers see the effect of."""
    return public_json(request, await stores.get_public_settings(session), max_age_seconds=SETTINGS_SECONDS)
