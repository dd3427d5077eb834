"""The staff's list of orders: tabs with counts, search by number, e-mail or SKU, pages."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import order_number, parse_order_number
from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.errors import OrderNotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.csv_cells import table as csv_table
from shophub.lib.money import decimal_string, format_money
from shophub.lib.tables import TableQuery
from shophub.repositories import order_list
from shophub.repositories.order_list import ListedOrder
from shophub.schemas.order_list import ORDER_TABLE, OrderLineItem
from shophub.schemas.tables import TableView
from shophub.services import saved_views
from shophub.services.views.moments import date_text, recent_text
from shophub.services.views.order_timeline import moment_text
from shophub.services.views.orders import PAYMENT, STATUS
from shophub.services.views.tables import Found, table_view

CSV_HEADER = (
    "Order", "Placed (UTC)", "E-mail", "Name", "Country", "Status", "Payment", "Items", "Currency", "Total", "Refunded",
)  # fmt: skip

MANY_NEW = 100


@dataclass(frozen=True)
class OrderListPage:
    """What the page shows: its rows and what is around them; ``newest`` is the last order that there was."""

    rows: tuple[OrderLineItem, ...]
    table: TableView
    newest: int = 0


async def get_page(session: AsyncSession, query: TableQuery, user_id: UUID | None) -> OrderListPage:
    """Return a page of the list for one of the staff, whose saved views come with it. Four statements."""
    number = _number(query.q)
    newest = await order_list.get_newest(session)
    counts = await order_list.count_orders(session, query, number)
    page = await order_list.list_orders(session, query, number)
    views = await saved_views.list_views(session, user_id, ORDER_TABLE)
    rows = page.rows
    found = Found(
        counts=counts,
        total=counts.get(query.tab, 0),
        shown=len(rows),
        first=(rows[0].edge, rows[0].id) if rows else None,
        last=(rows[-1].edge, rows[-1].id) if rows else None,
        has_previous=page.has_previous,
        has_next=page.has_next,
        most=order_list.MOST_COUNTED if query.q else 0,
        at_least=bool(query.q) and counts[""] > order_list.MOST_COUNTED,
    )
    return OrderListPage(tuple(_item(row) for row in rows), table_view(ORDER_TABLE, query, found, views), newest)


async def count_newer(session: AsyncSession, query: TableQuery, newest: int) -> int:
    """Return how many orders have come since, that a list shows; ``MANY_NEW`` means so many or more."""
    return await order_list.count_newer(session, query, _number(query.q), newest, MANY_NEW)


async def find_row(session: AsyncSession, order_id: UUID) -> OrderLineItem | None:
    """Return one order as the list shows it, None where it is gone."""
    row = await order_list.find_row(session, order_id)
    return None if row is None else _item(row)


async def list_of_customer(session: AsyncSession, user_id: UUID, limit: int) -> tuple[OrderLineItem, ...]:
    """Return a customer's latest orders, at most ``limit``."""
    return tuple(_item(row) for row in await order_list.list_of_customer(session, user_id, limit))


async def list_numbers(
    session: AsyncSession, query: TableQuery, ids: Sequence[UUID], limit: int, *, is_all: bool
) -> list[int]:
    """Return the numbers of the orders that are selected, the oldest first, at most ``limit``."""
    if is_all:
        return await order_list.list_numbers(session, query, _number(query.q), limit)
    return (await order_list.list_numbers_of(session, ids))[:limit]


async def csv_lines(session: AsyncSession, query: TableQuery, ids: Sequence[UUID] | None = None) -> AsyncIterator[str]:
    """Return what a query finds, all pages, or the orders with ``ids``, as parts of a CSV file, newest first."""
    yield csv_table(CSV_HEADER, ())
    async for rows in order_list.stream_orders(session, query, _number(query.q), ids):
        yield csv_table((), (_cells(row) for row in rows)).partition("\n")[2]


def _cells(row: ListedOrder) -> tuple[str | int, ...]:
    return (
        order_number(row.number),
        f"{row.placed_at:%Y-%m-%d %H:%M:%S}",
        row.email,
        row.full_name or "",
        row.country or "",
        row.status,
        row.payment_status,
        row.item_count,
        row.currency,
        decimal_string(row.total_minor, row.currency),
        decimal_string(row.refunded_minor, row.currency),
    )


def _number(typed: str) -> int | None:
    try:
        return parse_order_number(typed)
    except OrderNotFoundError:
        return None


def _item(row: ListedOrder) -> OrderLineItem:
    name = order_number(row.number)
    status, tone = STATUS[OrderStatus(row.status)]
    payment, payment_tone = PAYMENT[PaymentStatus(row.payment_status)]
    return OrderLineItem(
        id=str(row.id),
        number=name,
        url=f"/admin/orders/{name}",
        customer=row.full_name or row.email,
        email=row.email,
        status_text=status,
        status_tone=tone,
        payment_text=payment,
        payment_tone=payment_tone,
        needs_review=row.needs_review,
        items_text=f"{row.item_count:,}",
        total_text=format_money(row.total_minor, row.currency),
        refunded_text=format_money(row.refunded_minor, row.currency) if row.refunded_minor else "",
        country=row.country or "",
        placed_iso=row.placed_at.isoformat(),
        placed_text=recent_text(row.placed_at, utc_now()) or date_text(row.placed_at),
        placed_title=moment_text(row.placed_at),
    )
