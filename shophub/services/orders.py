"""Orders, read by those who may."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import parse_order_number
from shophub.domain.statuses import Role
from shophub.errors import OrderNotFoundError
from shophub.lib.pagination import MAX_PAGE, PageRequest, page_count
from shophub.repositories import orders
from shophub.schemas.accounts import Visitor
from shophub.schemas.orders import OrderPageView, OrderView
from shophub.services import guest_orders
from shophub.services.views.orders import order_view

ORDERS_PER_PAGE = 10
_STAFF = frozenset({Role.ADMIN, Role.SUPER_ADMIN})


async def list_orders(session: AsyncSession, user_id: UUID, page: int = 1) -> OrderPageView:
    """Return a page of an account's orders, newest first, ten at a time. Two statements, however many orders.

    A page beyond the last is empty.
    """
    request = PageRequest(min(max(page, 1), MAX_PAGE), ORDERS_PER_PAGE)
    rows, total = await orders.list_own(session, user_id, limit=request.page_size, offset=request.offset)
    lines = await orders.list_lines(session, [row.id for row in rows]) if rows else {}
    return OrderPageView(
        items=tuple(order_view(row, lines[row.id]) for row in rows),
        total=total,
        page=request.page,
        page_count=page_count(total, request.page_size),
    )


async def get_order(session: AsyncSession, number: str, visitor: Visitor, cookie_header: str = "") -> OrderView:
    """Return an order with its timeline, to its owner, an admin, or who holds the signed link in a cookie.

    Raises:
        OrderNotFoundError: No such order, or it is not the caller's to see: nobody learns which.
    """
    known = parse_order_number(number)
    is_staff = visitor.user is not None and visitor.user.role in _STAFF
    row = await orders.find_visible(
        session,
        known,
        user_id=visitor.user.id if visitor.user else None,
        may_see_all=is_staff or guest_orders.has_link(cookie_header, known),
    )
    if row is None:
        raise OrderNotFoundError("We could not find that order.")
    lines = await orders.list_lines(session, [row.id])
    steps = await orders.list_steps(session, row.id)
    return order_view(row, lines[row.id], steps, await orders.find_shipment(session, row.id))
