"""The staff's list of coupons with what each brought in, in pages that begin behind a row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.tables import PAGE_SIZE, SortKind, SortValue, TableQuery
from shophub.repositories.keyset import keyset, page

SORTS: dict[str, tuple[str, SortKind]] = {
    "created": ("c.created_at", "moment"),
    "code": ("upper(c.code)", "text"),
    "used": ("c.used", "number"),
    "ends": ("c.ends_at", "moment"),
}
# Where a coupon stands now. The first that fits counts.
STANDING = """
CASE WHEN NOT c.is_active THEN 'off' WHEN c.ends_at <= now() THEN 'ended'
  WHEN c.max_uses IS NOT NULL AND c.used >= c.max_uses THEN 'used' WHEN c.starts_at > now() THEN 'planned'
  ELSE 'running' END
"""
# What is left of the orders' totals after refunds, in the store's currency.
_REVENUE = """
SELECT coalesce(sum(o.total_minor - o.refunded_minor), 0)::bigint AS revenue_minor,
  coalesce(sum(o.discount_minor), 0)::bigint AS given_minor
FROM orders o JOIN store_settings s ON s.currency = o.currency
WHERE o.coupon_id = c.id AND o.payment_status IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')
"""


@dataclass(frozen=True)
class ListedCoupon:
    """A coupon with its terms, its uses and what the orders that used it brought in."""

    id: UUID
    edge: SortValue
    code: str
    description: str
    discount_type: str
    percent_bp: int | None
    amount_minor: int | None
    minimum_subtotal_minor: int
    maximum_discount_minor: int | None
    max_uses: int | None
    max_uses_per_customer: int | None
    first_order_only: bool
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    used: int
    held: int
    standing: str
    category_names: tuple[str, ...]
    revenue_minor: int
    given_minor: int


@dataclass(frozen=True)
class CouponPage:
    """A page's rows in their order, with whether there are others before and behind."""

    rows: list[ListedCoupon]
    has_previous: bool
    has_next: bool


async def count_coupons(session: AsyncSession, query: TableQuery) -> dict[str, int]:
    """Return how many coupons a query finds by where they stand, its tab left out of account. One statement."""
    condition, values = _narrowed(query)
    statement = f"SELECT {STANDING} AS standing, count(*) FROM coupons c WHERE {condition} GROUP BY 1"  # noqa: S608 - constants of ours
    return {row[0]: row[1] for row in await session.execute(text(statement), values)}


async def list_coupons(session: AsyncSession, query: TableQuery, size: int = PAGE_SIZE) -> CouponPage:
    """Return a page of coupons. One statement, however many rows it has."""
    expression, kind = SORTS[query.sort_name]
    keys = keyset(expression, kind, query, row_id="c.id", size=size)
    condition, values = _narrowed(query)
    if query.tab:
        condition, values = f"{condition} AND {STANDING} = :tab", {**values, "tab": query.tab}
    statement = f"""
        SELECT c.id, c.edge, c.code, c.description, c.discount_type, c.percent_bp, c.amount_minor,
          c.minimum_subtotal_minor, c.maximum_discount_minor, c.max_uses, c.max_uses_per_customer, c.first_order_only,
          c.starts_at, c.ends_at, c.created_at, c.used, c.held, {STANDING} AS standing, r.revenue_minor, r.given_minor,
          ARRAY(SELECT g.name FROM coupon_categories k JOIN categories g ON g.id = k.category_id
            WHERE k.coupon_id = c.id ORDER BY g.name, g.id) AS category_names
        FROM (SELECT c.*, {expression} AS edge FROM coupons c WHERE {condition} AND {keys.condition}
              ORDER BY {keys.order} LIMIT :page_limit) c
        CROSS JOIN LATERAL ({_REVENUE}) r
        ORDER BY {keys.order}
    """  # noqa: S608
    found = (await session.execute(text(statement), {**values, **keys.values})).mappings()
    rows = [ListedCoupon(**{**row, "category_names": tuple(row["category_names"])}) for row in found]
    return CouponPage(*page(keys, rows))


async def list_category_choices(session: AsyncSession) -> list[tuple[str, str]]:
    """Return every category as slug and name, by name."""
    rows = await session.execute(text("SELECT slug, name FROM categories ORDER BY lower(name), id"))
    return [(row.slug, row.name) for row in rows]


def _narrowed(query: TableQuery) -> tuple[str, dict[str, Any]]:
    conditions, values = ["true"], dict[str, Any]()
    if query.q:
        conditions.append("(c.code ILIKE :pattern OR c.description ILIKE :pattern)")
        values["pattern"] = "%" + query.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if query.of("type"):
        conditions.append("c.discount_type = :type")
        values["type"] = query.of("type")
    return " AND ".join(conditions), values
