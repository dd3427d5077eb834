"""The list of orders as a file for spreadsheets.

It takes the address of the staff's page, whatever stands there, so it is not described; programs read
``GET /api/admin/orders``.
"""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from shophub.api.csv_files import csv_file
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.schemas.order_list import ORDER_TABLE
from shophub.services import order_list

router = APIRouter(include_in_schema=False)


@router.get(ORDER_TABLE.export_path, dependencies=[requires(Permission.MANAGE_ORDERS)])
async def get_orders_csv(request: Request) -> StreamingResponse:
    """Offer what the list's address finds, all its pages."""
    return csv_file(ORDER_TABLE, request, order_list.csv_lines)
