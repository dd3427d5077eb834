"""Orders, read by those who work here."""

from shophub.db import AsyncSession
from shophub.domain.order_numbers import parse_order_number
from shophub.errors import OrderNotFoundError
from shophub.repositories import orders, staff_orders
from shophub.schemas.accounts import Visitor
from shophub.schemas.staff_orders import StaffOrderView
from shophub.services.orders import manages_orders
from shophub.services.views.staff_orders import (
    dispute_view,
    entry_view,
    payment_facts,
    provider_event_view,
    refund_view,
)


async def find_staff_order(session: AsyncSession, number: str, visitor: Visitor) -> StaffOrderView:
    """Return what the staff see of an order, or an empty view for everybody else.

    The visitor's role must have been read from the database for this very request (``visitors.identify`` does).

    Raises:
        OrderNotFoundError: The visitor is of the staff, and there is no such order.
    """
    if not await manages_orders(session, visitor):
        return StaffOrderView()
    order = await staff_orders.find_review(session, parse_order_number(number))
    if order is None:
        raise OrderNotFoundError("We could not find that order.")
    refunds = await staff_orders.list_refunds(session, order.id)
    _, lines = await orders.list_refunds(session, order.id)
    return StaffOrderView(
        is_staff=True,
        needs_review=order.needs_review,
        review_reason=order.review_reason or "",
        disputes=tuple(dispute_view(row) for row in await staff_orders.list_disputes(session, order.id)),
        payment=payment_facts(await staff_orders.find_payment(session, order.id)),
        refunds=tuple(refund_view(row, lines.get(row.id, ())) for row in refunds),
        log=tuple(entry_view(row) for row in await staff_orders.list_steps(session, order.id)),
        events=tuple(provider_event_view(row) for row in await staff_orders.list_provider_events(session, order.id)),
    )
