"""The signed link of an order's e-mail, asking for another one, and the order's invoice."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from shophub.api.cookies import set_cookie
from shophub.api.dependencies import OriginDep, SameOrigin, SessionDep, current_visitor
from shophub.api.forms import CODES, FormDep, add_cookie, back, redirect
from shophub.api.permissions import PUBLIC
from shophub.db import transaction
from shophub.domain.order_numbers import order_number, parse_order_number
from shophub.errors import OrderNotFoundError, ThrottledError
from shophub.lib.clock import utc_now
from shophub.schemas.account_links import ForgotForm
from shophub.services import form_memory, guest_orders, invoices, order_lookup

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
LOOKUP = "/order-lookup"


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


@router.post("/auth/order-lookup", dependencies=[PUBLIC, SameOrigin])
async def post_order_lookup(fields: FormDep, session: SessionDep, origin: OriginDep) -> Response:
    """Have the link to an order mailed. The answer is the same, and as quick, whether there is such an order or not."""
    kept = ("number", "email")
    try:
        number = parse_order_number(fields.get("number", ""))
        form = ForgotForm.model_validate({"email": fields.get("email", "")})
        await order_lookup.request(session, number, form.email, origin.network_address)
    except OrderNotFoundError:
        return back(LOOKUP, "invalid_number", fields, kept=kept)
    except ValidationError:
        return back(LOOKUP, "invalid_email", fields, kept=kept)
    except ThrottledError as error:
        return back(LOOKUP, CODES[type(error)], fields, kept=kept, error=error)
    answer = redirect(f"{LOOKUP}?sent=1")
    memory = form_memory.remember({"number": order_number(number), "email": form.email})
    add_cookie(answer, set_cookie(form_memory.FORM_COOKIE, memory, lifetime=form_memory.LIFETIME))
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
