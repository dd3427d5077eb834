"""Orders for programs: an account's own, and that of a guest whose cookie holds the link that was mailed."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from shophub.api.dependencies import OriginDep, PageDep, SameOrigin, SessionDep, VisitorBeforeDep, VisitorDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import PUBLIC, CustomerDep
from shophub.db import transaction
from shophub.errors import IllegalTransitionError, OrderNotFoundError, PaymentDisputedError
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.orders import OrderOut
from shophub.services.audit import Actor
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.orders import get_own_number
from shophub.services.rest import orders

router = APIRouter(prefix="/api/orders", tags=["orders"], dependencies=[SameOrigin])

OrderNumber = Annotated[str, Path(max_length=30, examples=["SH-1001"])]


@router.get("")
async def get_orders(
    response: Response,
    session: SessionDep,
    page: PageDep,
    customer: CustomerDep,
) -> PageOut[OrderOut]:
    """List the account's orders, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    return await orders.list_own(session, customer.id, page)


@router.get("/{number}", dependencies=[PUBLIC], openapi_extra=refuses(OrderNotFoundError))
async def get_order(
    number: OrderNumber, request: Request, response: Response, session: SessionDep, visitor: VisitorDep
) -> OrderOut:
    """Show an order to its owner. A guest has opened the mailed link before: it sets a cookie for that order."""
    response.headers["Cache-Control"] = "no-store"
    return await orders.get_order(session, number, visitor, request.headers.get("cookie", ""))


@router.post(
    "/{number}/cancel",
    dependencies=[PUBLIC],
    openapi_extra=refuses(OrderNotFoundError, IllegalTransitionError, PaymentDisputedError),
)
async def post_order_cancel(
    number: OrderNumber, request: Request, response: Response, visitor: VisitorBeforeDep, origin: OriginDep
) -> OrderOut:
    """Cancel an order of one's own before it ships: all of it is refunded, and the goods go back into stock."""
    response.headers["Cache-Control"] = "no-store"
    cookies = request.headers.get("cookie", "")
    async with transaction() as session:  # over before Stripe is asked for the refund
        known = await get_own_number(session, number, visitor, cookies)
    actor = Actor(visitor.user.id if visitor.user else None, origin.network_address)
    await cancel_order(known, actor=actor, by_customer=True)
    async with transaction() as session:
        return await orders.get_order(session, number, visitor, cookies)
