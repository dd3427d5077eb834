"""The list of products as a file for spreadsheets.

It takes the address of the staff's page, whatever stands there, so it is not described; programs read
``GET /api/admin/products``.
"""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from shophub.api.csv_files import csv_file
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.schemas.product_list import PRODUCTS
from shophub.services import product_export

router = APIRouter(include_in_schema=False)


@router.get(PRODUCTS.export_path, dependencies=[requires(Permission.MANAGE_PRODUCTS)])
async def get_products_csv(request: Request) -> StreamingResponse:
    """Offer what the list's address finds, all its pages."""
    return csv_file(PRODUCTS, request, product_export.csv_parts)
