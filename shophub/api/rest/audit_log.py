"""The audit log for programs of those who run the store."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from shophub.api.dependencies import PageDep, SameOrigin, SessionDep
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.schemas.api.audit import AuditEntryOut
from shophub.schemas.api.base import Day, PageOut
from shophub.services.rest.audit_log import AuditFilter, list_entries

router = APIRouter(prefix="/api/admin/audit-log", tags=["audit log"], dependencies=[SameOrigin])


@router.get("", dependencies=[requires(Permission.SEE_AUDIT_LOG)])
async def get_audit_log(
    response: Response,
    session: SessionDep,
    page: PageDep,
    actor: Annotated[UUID | None, Query(description="The id of an account.")] = None,
    action: Annotated[str | None, Query(max_length=80, examples=["order.refund"])] = None,
    target: Annotated[str | None, Query(max_length=40, examples=["order"])] = None,
    target_id: Annotated[str | None, Query(alias="targetId", max_length=80, examples=["SH-1001"])] = None,
    first: Annotated[Day | None, Query(alias="from", description="The first day, UTC.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="The last day, UTC.")] = None,
) -> PageOut[AuditEntryOut]:
    """List what was done, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    wanted = AuditFilter(actor, action, target, target_id, first, last)
    return await list_entries(session, wanted, page)
