"""The audit log as a file for spreadsheets."""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from shophub.api.csv_files import csv_file
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.services import audit_pages
from shophub.services.audit_pages import AUDIT_LOG

router = APIRouter(include_in_schema=False)


@router.get(AUDIT_LOG.export_path, dependencies=[requires(Permission.SEE_AUDIT_LOG)])
async def get_audit_log_csv(request: Request) -> StreamingResponse:
    """Offer what the log's address finds, all its pages."""
    return csv_file(AUDIT_LOG, request, audit_pages.csv_lines)
