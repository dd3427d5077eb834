"""Reports of the analytics as files for spreadsheets."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shophub.api.permissions import requires
from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.ranges import parse_question
from shophub.lib.clock import utc_now
from shophub.services import analytics

router = APIRouter(include_in_schema=False)


@router.get("/admin/analytics/{name}.csv", dependencies=[requires(Permission.SEE_ANALYTICS)])
async def get_report_csv(name: str, request: Request) -> Response:
    """Offer a report of the range that the address names."""
    days = parse_question(request.query_params, utc_now().date()).days
    async with transaction() as session:
        content = await analytics.get_file(session, name, days)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{days.start}-to-{days.end}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
