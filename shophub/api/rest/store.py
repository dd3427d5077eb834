"""What everybody may know: that the shop is alive, how it is, and its public settings."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from shophub.api.caching import public_json
from shophub.api.dependencies import SessionDep
from shophub.api.permissions import PUBLIC
from shophub.schemas.api.settings import PublicSettings
from shophub.schemas.api.store import AliveOut, HealthOut
from shophub.services import stores
from shophub.services.flows.check_health import check_health

router = APIRouter(prefix="/api", tags=["store"])

SETTINGS_SECONDS = 2  # as long as a saved setting may take to show


@router.head("/health", dependencies=[PUBLIC], include_in_schema=False)
@router.get("/health", dependencies=[PUBLIC])
async def get_health() -> AliveOut:
    """Say that the process answers; asks nothing else."""
    return AliveOut()


@router.get(
    "/monitoring/health",
    dependencies=[PUBLIC],
    responses={HTTPStatus.SERVICE_UNAVAILABLE: {"model": HealthOut, "description": "Some part is not well."}},
)
async def get_monitoring_health(response: Response) -> HealthOut:
    """Say how the parts are; 503 when one of them is not well."""
    health = await check_health()
    response.headers["Cache-Control"] = "no-store"
    if health.status != "ok":
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return health


@router.get("/public-settings", dependencies=[PUBLIC], response_model=PublicSettings)
async def get_public_settings(request: Request, session: SessionDep) -> Response:
    """Return the settings that shoppers see the effect of."""
    return public_json(request, await stores.get_public_settings(session), max_age_seconds=SETTINGS_SECONDS)
