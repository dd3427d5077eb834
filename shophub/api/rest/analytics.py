"""Figures of the store for programs of the staff."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from shophub.api.dependencies import SameOrigin, SessionDep
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.domain.ranges import exact_range
from shophub.lib.clock import utc_now
from shophub.schemas.api.analytics import AnalyticsOut
from shophub.schemas.api.base import Day
from shophub.services.rest import analytics

router = APIRouter(prefix="/api/admin/analytics", tags=["analytics"], dependencies=[SameOrigin])


@router.get("", dependencies=[requires(Permission.SEE_ANALYTICS)])
async def get_analytics(
    response: Response,
    session: SessionDep,
    preset: Annotated[Literal["7d", "30d", "90d", "12m"] | None, Query(description="Without any range: 30d.")] = None,
    first: Annotated[Day | None, Query(alias="from", description="The first day, UTC; with `to`.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="The last day, UTC; with `from`.")] = None,
    currency: Annotated[str | None, Query(pattern=r"^[A-Z]{3}$", description="The store's unless given.")] = None,
) -> AnalyticsOut:
    """Add up what was sold in a range of up to two years, beside the range before it."""
    response.headers["Cache-Control"] = "no-store"
    asked = exact_range(preset, first, last, currency, utc_now().date())
    return await analytics.get_analytics(session, asked)
