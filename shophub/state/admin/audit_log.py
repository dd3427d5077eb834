"""The audit log, as owners read it."""

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.schemas.audit_pages import AuditLine
from shophub.services import audit_pages
from shophub.services.audit_pages import AUDIT_LOG
from shophub.state.admin.table import TableState, asked
from shophub.state.guards import handler
from shophub.state.session import AdminState


class AuditLogState(AdminState, rx.State):
    """A page of the log."""

    lines: rx.Field[tuple[AuditLine, ...]] = rx.field(default_factory=tuple)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.SEE_AUDIT_LOG)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        query = asked(self, AUDIT_LOG)
        async with transaction() as session:
            visitor = await self._visitor(session)
            page = await audit_pages.list_entries(session, query, visitor.user.id if visitor.user else None)
        self.lines = page.lines
        tables = await self.get_state(TableState)
        tables._show(AUDIT_LOG, query, page.table, [line.id for line in page.lines])
        self.loaded = AUDIT_LOG.path
