"""The signed link of an order's e-mail, and its invoice."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from shophub.api.cookies import set_cookie
from shophub.api.dependencies import current_visitor
from shophub.api.permissions import PUBLIC
from shophub.db import transaction
from shophub.domain.order_numbers import order_number, parse_order_number
from shophub.errors import OrderNotFoundError
from shophub.lib.clock import utc_now
from shophub.services import guest_orders, invoices

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303


@router.get("/orders/{number}/open", dependencies=[PUBLIC])
async def get_open_order(number: str, token: str = "") -> Response:
    """Keep the link in a cookie for that order and go on to a clean address; the page decides what may be seen."""
    try:
        known = parse_order_number(number)
    except OrderNotFoundError:
        return RedirectResponse("/orders", SEE_OTHER, headers={"Cache-Control": "no-store"})
    answer = RedirectResponse(f"/orders/{order_number(known)}", SEE_OTHER, headers={"Cache-Control": "no-store"})
    end = guest_orders.end_of(token, known)
    if end is not None:
        answer.headers.append(
            "set-cookie", set_cookie(guest_orders.cookie_name(known), token, lifetime=end - utc_now())
        )
    return answer


@router.get("/orders/{number}/invoice.pdf", dependencies=[PUBLIC])
async def get_invoice(request: Request, number: str) -> Response:
    """Offer the invoice as a file, to who may see the order; 404 for anybody else."""
    async with transaction() as session:
        visitor = await current_visitor(request, session)
        invoice = await invoices.get_invoice(session, number, visitor, request.headers.get("cookie", ""))
    content = await invoices.render(invoice)
    headers = {
        "Content-Disposition": f'attachment; filename="{invoice.file_name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)
