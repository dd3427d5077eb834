"""Coupons and customers as files for spreadsheets: whatever a list's query finds, all its pages."""

from collections.abc import AsyncIterator
from dataclasses import replace

from shophub.db import AsyncSession
from shophub.lib.csv_cells import Cell, table
from shophub.lib.money import decimal_string, percent_text
from shophub.lib.tables import Cursor, TableQuery
from shophub.repositories import coupon_lists, people_lists
from shophub.repositories.coupon_lists import ListedCoupon
from shophub.repositories.people_lists import ListedCustomer
from shophub.services import stores

AT_ONCE = 500
COUPON_COLUMNS = (
    "code", "description", "kind", "value", "minimum", "maximum", "max uses", "per customer", "first order only",
    "categories", "starts (UTC)", "ends (UTC)", "status", "uses", "revenue", "taken off", "currency",
)  # fmt: skip
CUSTOMER_COLUMNS = (
    "name", "e-mail", "account", "joined (UTC)", "orders", "spent", "currency", "last order (UTC)",
)  # fmt: skip


async def coupon_parts(session: AsyncSession, query: TableQuery) -> AsyncIterator[str]:
    """Give the file in parts, each of up to 500 coupons."""
    currency = (await stores.get_store(session)).currency
    yield table(COUPON_COLUMNS, ())
    query, has_more = replace(query, cursor=None), True
    while has_more:
        page = await coupon_lists.list_coupons(session, query, AT_ONCE)
        if page.rows:
            yield _lines([_coupon_cells(row, currency) for row in page.rows])
            query = replace(query, cursor=Cursor(page.rows[-1].edge, page.rows[-1].id))
        has_more = page.has_next


async def customer_parts(session: AsyncSession, query: TableQuery) -> AsyncIterator[str]:
    """Give the file in parts, each of up to 500 customers, by when they joined.

    By what they spent they are not sorted: for that, all their orders would be added up for each part.
    """
    currency = (await stores.get_store(session)).currency
    yield table(CUSTOMER_COLUMNS, ())
    query, has_more = replace(query, sort="-joined", cursor=None), True
    while has_more:
        page = await people_lists.list_customers(session, query, AT_ONCE)
        if page.rows:
            yield _lines([_customer_cells(row, currency) for row in page.rows])
            query = replace(query, cursor=Cursor(page.rows[-1].edge, page.rows[-1].id))
        has_more = page.has_next


def _lines(rows: list[list[Cell]]) -> str:
    return table((), rows).partition("\n")[2]


def _coupon_cells(row: ListedCoupon, currency: str) -> list[Cell]:
    value = _amount(row.amount_minor, currency) if row.percent_bp is None else percent_text(row.percent_bp)
    return [
        row.code,
        row.description,
        row.discount_type,
        value,
        decimal_string(row.minimum_subtotal_minor, currency),
        _amount(row.maximum_discount_minor, currency),
        row.max_uses,
        row.max_uses_per_customer,
        row.first_order_only,
        ", ".join(row.category_names),
        f"{row.starts_at:%Y-%m-%d %H:%M:%S}",
        f"{row.ends_at:%Y-%m-%d %H:%M:%S}",
        row.standing,
        row.used,
        decimal_string(row.revenue_minor, currency),
        decimal_string(row.given_minor, currency),
        currency,
    ]


def _customer_cells(row: ListedCustomer, currency: str) -> list[Cell]:
    return [
        row.full_name,
        row.email,
        "active" if row.is_active else "deactivated",
        f"{row.created_at:%Y-%m-%d %H:%M:%S}",
        row.order_count,
        decimal_string(row.spent_minor, currency),
        currency,
        "" if row.last_order_at is None else f"{row.last_order_at:%Y-%m-%d %H:%M:%S}",
    ]


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else decimal_string(minor, currency)
