"""The staff's lists of accounts, in pages that begin behind a row: everybody, or customers with what they bought."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.lib.tables import PAGE_SIZE, SortKind, SortValue, TableQuery
from shophub.repositories.keyset import keyset, page

# Never null. What customers spent is summed over all of them only where it is sorted by.
USER_SORTS: dict[str, tuple[str, SortKind]] = {
    "joined": ("u.created_at", "moment"),
    "name": ("lower(u.full_name)", "text"),
}
CUSTOMER_SORTS: dict[str, tuple[str, SortKind]] = {
    **USER_SORTS,
    "orders": ("coalesce(t.order_count, 0)", "number"),
    "spent": ("coalesce(t.spent_minor, 0)", "number"),
}
_PAID = "o.payment_status IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')"
# Amounts of the store's currency; those of an earlier one cannot be added to them.
TOTALS = f"""
SELECT o.user_id, count(*) AS order_count, max(o.placed_at) AS last_order_at,
  coalesce(sum(o.total_minor - o.refunded_minor) FILTER (WHERE {_PAID} AND o.currency = s.currency), 0)::bigint
    AS spent_minor,
  count(*) FILTER (WHERE {_PAID} AND o.currency = s.currency) AS paid_count
FROM orders o CROSS JOIN store_settings s WHERE {{condition}} GROUP BY o.user_id
"""  # noqa: S608 - the piece is the constant above
_ALL_TOTALS = TOTALS.format(condition="o.user_id IS NOT NULL")


@dataclass(frozen=True)
class ListedUser:
    """An account as the list of people shows it."""

    id: UUID
    edge: SortValue
    email: str
    full_name: str
    role: str
    is_active: bool
    is_verified: bool
    last_sign_in_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class ListedCustomer:
    """A customer with what they bought so far."""

    id: UUID
    edge: SortValue
    email: str
    full_name: str
    is_active: bool
    created_at: datetime
    order_count: int
    spent_minor: int
    last_order_at: datetime | None


@dataclass(frozen=True)
class UserPage:
    """A page's rows in their order, with whether there are others before and behind."""

    rows: list[ListedUser]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class CustomerPage:
    """A page's rows in their order, with whether there are others before and behind."""

    rows: list[ListedCustomer]
    has_previous: bool
    has_next: bool


async def count_users(session: AsyncSession, query: TableQuery) -> dict[str, int]:
    """Return how many accounts of each role a query finds, its tab left out of account. One statement."""
    condition, values = _narrowed(query)
    statement = f"SELECT u.role, count(*) FROM users u WHERE {condition} GROUP BY u.role"  # noqa: S608 - constants of ours
    return {row[0]: row[1] for row in await session.execute(text(statement), values)}


async def list_users(session: AsyncSession, query: TableQuery) -> UserPage:
    """Return a page of accounts. One statement, however many rows it has."""
    expression, kind = USER_SORTS[query.sort_name]
    keys = keyset(expression, kind, query, row_id="u.id")
    condition, values = _narrowed(query)
    if query.tab:
        condition, values = f"{condition} AND u.role = :tab", {**values, "tab": query.tab}
    statement = f"""
        SELECT u.id, {expression} AS edge, u.email, u.full_name, u.role, u.is_active,
          u.email_verified_at IS NOT NULL AS is_verified, u.last_sign_in_at, u.created_at
        FROM users u WHERE {condition} AND {keys.condition} ORDER BY {keys.order} LIMIT :page_limit
    """  # noqa: S608
    found = await session.execute(text(statement), {**values, **keys.values})
    return UserPage(*page(keys, [ListedUser(**row) for row in found.mappings()]))


async def count_customers(session: AsyncSession, query: TableQuery) -> dict[str, int]:
    """Return how many customers a query finds: all, and those who bought something. One statement."""
    condition, values = _narrowed(query)
    has_bought = "EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)"
    buyers = ""
    if not query.q:  # of everybody, at once rather than one by one
        has_bought = "b.user_id IS NOT NULL"
        buyers = "LEFT JOIN (SELECT DISTINCT user_id FROM orders WHERE user_id IS NOT NULL) b ON b.user_id = u.id"
    statement = f"""
        SELECT count(*), count(*) FILTER (WHERE {has_bought})
        FROM users u {buyers} WHERE {condition} AND u.role = :customer
    """  # noqa: S608
    row = (await session.execute(text(statement), {**values, "customer": Role.CUSTOMER})).one()
    return {"": row[0], "bought": row[1], "none": row[0] - row[1]}


async def list_customers(session: AsyncSession, query: TableQuery, size: int = PAGE_SIZE) -> CustomerPage:
    """Return a page of customers with what they bought. One statement, however many rows it has."""
    expression, kind = CUSTOMER_SORTS[query.sort_name]
    keys = keyset(expression, kind, query, row_id="u.id", size=size)
    condition, values = _narrowed(query)
    is_summed = query.sort_name in ("orders", "spent")
    has_bought = query.tab == "bought"
    if query.tab and not (is_summed and has_bought):  # whoever has sums has bought
        has = "EXISTS" if has_bought else "NOT EXISTS"
        condition = f"{condition} AND {has} (SELECT 1 FROM orders o WHERE o.user_id = u.id)"  # noqa: S608
    join = "JOIN" if has_bought else "LEFT JOIN"
    summed = f"{join} ({_ALL_TOTALS}) t ON t.user_id = u.id" if is_summed else ""
    statement = f"""
        WITH chosen AS (
          SELECT u.id, u.email, u.full_name, u.is_active, u.created_at, {expression} AS edge FROM users u {summed}
          WHERE {condition} AND u.role = :customer AND {keys.condition} ORDER BY {keys.order} LIMIT :page_limit)
        SELECT u.id, u.edge, u.email, u.full_name, u.is_active, u.created_at, coalesce(b.order_count, 0) AS order_count,
          coalesce(b.spent_minor, 0) AS spent_minor, b.last_order_at
        FROM chosen u LEFT JOIN LATERAL ({TOTALS.format(condition="o.user_id = u.id")}) b ON true
        ORDER BY {keys.order.replace(expression, "u.edge")}
    """  # noqa: S608
    found = await session.execute(text(statement), {**values, **keys.values, "customer": Role.CUSTOMER})
    return CustomerPage(*page(keys, [ListedCustomer(**row) for row in found.mappings()]))


def _narrowed(query: TableQuery) -> tuple[str, dict[str, Any]]:
    conditions, values = ["u.erased_at IS NULL"], dict[str, Any]()
    if query.q:
        conditions.append("(u.email ILIKE :pattern OR u.full_name ILIKE :pattern)")
        values["pattern"] = f"%{_literally(query.q)}%"
    if query.of("state") in ("active", "off"):
        conditions.append("u.is_active" if query.of("state") == "active" else "NOT u.is_active")
    return " AND ".join(conditions), values


def _literally(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
