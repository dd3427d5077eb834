"""Orders, read by those who may."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import parse_order_number
from shophub.domain.permissions import Permission
from shophub.errors import ForbiddenError, OrderNotFoundError, UnauthenticatedError
from shophub.lib.pagination import MAX_PAGE, PageRequest, page_count
from shophub.repositories import orders
from shophub.repositories.orders import OrderRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.orders import BoughtGoods, OrderPageView, OrderView
from shophub.services import authorisation, guest_orders
from shophub.services.views.order_timeline import OrderHistory
from shophub.services.views.orders import order_view

ORDERS_PER_PAGE = 10


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
    """Return an order with its history, to its owner, an admin, or who holds the signed link in a cookie.

    Raises:
        OrderNotFoundError: No such order, or it is not the caller's to see: nobody learns which.
    """
    row = await get_visible(session, number, visitor, cookie_header)
    has_link = guest_orders.has_link(cookie_header, row.number)
    lines = await orders.list_lines(session, [row.id])
    refunds, refunded_lines = await orders.list_refunds(session, row.id)
    history = OrderHistory(
        steps=await orders.list_steps(session, row.id),
        shipment=await orders.find_shipment(session, row.id),
        refunds=refunds,
        refunded_lines=refunded_lines,
    )
    is_own = has_link or (visitor.user is not None and row.user_id == visitor.user.id)
    return order_view(row, lines[row.id], history, is_own=is_own)


async def get_visible(session: AsyncSession, number: str, visitor: Visitor, cookie_header: str = "") -> OrderRow:
    """Return the row of an order that is the caller's to see: its owner's, an admin's, or by the signed link.

    Raises:
        OrderNotFoundError: No such order, or it is not the caller's to see: nobody learns which.
    """
    known = parse_order_number(number)
    may_see_all = guest_orders.has_link(cookie_header, known) or await manages_orders(session, visitor)
    return await _find(session, known, visitor, may_see_all=may_see_all)


async def get_own_number(session: AsyncSession, number: str, visitor: Visitor, cookie_header: str = "") -> int:
    """Return the number of an order that is the caller's own, for what only its customer may do with it.

    Raises:
        OrderNotFoundError: No such order, or somebody else's; the staff have no part in it here.
    """
    known = parse_order_number(number)
    row = await _find(session, known, visitor, may_see_all=guest_orders.has_link(cookie_header, known))
    return row.number


async def list_own_goods(
    session: AsyncSession, number: str, visitor: Visitor, cookie_header: str = ""
) -> tuple[BoughtGoods, ...]:
    """Return what was bought with an order of the caller's own, to buy it again.

    Raises:
        OrderNotFoundError: As ``get_own_number``.
    """
    known = parse_order_number(number)
    row = await _find(session, known, visitor, may_see_all=guest_orders.has_link(cookie_header, known))
    lines = (await orders.list_lines(session, [row.id]))[row.id]
    return tuple(BoughtGoods(line.name, line.variant_id, line.quantity) for line in lines)


async def manages_orders(session: AsyncSession, visitor: Visitor) -> bool:
    """Return whether everybody's orders are the visitor's to see: staff, secured as the store asks of them.

    Asked of the role that the database gave with this very request.
    """
    try:
        await authorisation.require(session, visitor, Permission.MANAGE_ORDERS)
    except (UnauthenticatedError, ForbiddenError):
        return False
    return True


async def _find(session: AsyncSession, number: int, visitor: Visitor, *, may_see_all: bool) -> OrderRow:
    user_id = visitor.user.id if visitor.user else None
    row = await orders.find_visible(session, number, user_id=user_id, may_see_all=may_see_all)
    if row is None:
        raise OrderNotFoundError("We could not find that order.")
    return row
