"""The lists of coupons and customers as files for spreadsheets.

They take the addresses of the staff's pages, whatever stands there, so they are not described; programs read
``GET /api/admin/coupons`` and ``GET /api/admin/users``.
"""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from shophub.api.csv_files import csv_file
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.services import list_export
from shophub.services.coupon_pages import COUPONS
from shophub.services.people_lists import CUSTOMERS

router = APIRouter(include_in_schema=False)


@router.get(COUPONS.export_path, dependencies=[requires(Permission.MANAGE_COUPONS)])
async def get_coupons_csv(request: Request) -> StreamingResponse:
    """Offer what the list's address finds, all its pages."""
    return csv_file(COUPONS, request, list_export.coupon_parts)


@router.get(CUSTOMERS.export_path, dependencies=[requires(Permission.MANAGE_ORDERS)])
async def get_customers_csv(request: Request) -> StreamingResponse:
    """Offer what the list's address finds, all its pages."""
    return csv_file(CUSTOMERS, request, list_export.customer_parts)
