"""The audit log as programs read it. Nothing here writes it: see ``services/audit``."""

from shophub.db import AsyncSession
from shophub.errors import InvalidInputError
from shophub.lib.pagination import PageRequest
from shophub.repositories import audit_lists
from shophub.repositories.audit_lists import MOST_COUNTED, AuditFilter
from shophub.schemas.api.audit import AuditEntryOut
from shophub.schemas.api.base import PageOut

__all__ = ["AuditFilter", "list_entries"]


async def list_entries(session: AsyncSession, wanted: AuditFilter, page: PageRequest) -> PageOut[AuditEntryOut]:
    """Return a page of the log, the newest first. Two statements.

    Raises:
        InvalidInputError: The range ends before it begins.
    """
    if wanted.first and wanted.last and wanted.last < wanted.first:
        raise InvalidInputError("The range ends before it begins.", {"to": "Has to be from or later."})
    rows, total = await audit_lists.list_numbered(session, wanted, limit=page.page_size, offset=page.offset)
    return PageOut[AuditEntryOut](
        items=[
            AuditEntryOut(
                id=row.number,
                at=row.created_at,
                actor_id=row.actor_id,
                actor_name=row.actor_name,
                action=row.action,
                target=row.target_type,
                target_id=row.target_id,
                before=None if row.before is None else dict(row.before),
                after=None if row.after is None else dict(row.after),
                network_address=row.network_address,
            )
            for row in rows
        ],
        total=min(total, MOST_COUNTED),
        total_is_exact=total <= MOST_COUNTED,
        page=page.page,
        page_size=page.page_size,
    )
