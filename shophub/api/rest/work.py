"""What came of long work, to be downloaded. Only pages begin such work, so it is not described."""

from uuid import UUID

from fastapi import APIRouter, Response

from shophub.api.dependencies import SessionDep, VisitorDep
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.errors import WorkNotFoundError
from shophub.services import long_jobs
from shophub.services.authorisation import role_of

router = APIRouter(prefix="/api/admin", include_in_schema=False)


@router.get("/jobs/{job_id}/result", dependencies=[requires(Permission.ENTER_BACK_OFFICE)])
async def get_result(job_id: UUID, visitor: VisitorDep, session: SessionDep) -> Response:
    """Offer the file of one's own work."""
    if visitor.user is None:
        raise WorkNotFoundError("There is no such work.")
    file = await long_jobs.get_result(session, visitor.user.id, role_of(visitor), job_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(file.content, media_type="text/csv; charset=utf-8", headers=headers)
