"""``/admin/audit-log``"""

import reflex as rx

from shophub.components.admin.audit_log import audit_cells, audit_empty
from shophub.pages.admin.layout import admin_page
from shophub.pages.admin.tables import admin_table
from shophub.services.audit_pages import AUDIT_LOG
from shophub.state.admin.audit_log import AuditLogState
from shophub.state.admin.table import TableState


def audit_log() -> rx.Component:
    """Who did what to what, when and from where."""
    table = admin_table(
        AUDIT_LOG,
        AuditLogState.lines,
        audit_cells(),
        label="Audit log",
        empty=audit_empty(TableState.view.clear_url),
    )
    return admin_page(
        "Audit log",
        table,
        lead="Who did what to what, when and from where. Entries are never changed or removed.",
        loaded=AuditLogState.loaded,
    )
