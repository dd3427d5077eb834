"""What was sold, by day, product and coupon.

Read from sums that were made beforehand and, where these are no longer true, from the orders themselves: the figures
are exact at any moment, and a year of orders is not read for them.
Money is summed by currency, in minor units. Days are UTC. What was given back is taken off the day of the order.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.ranges import DayRange

GONE = UUID(int=0)
# Who adds days up holds this until the end of the transaction.
_ADDING_UP = 7_305_012

_OF_DAY = """o.placed_at >= CAST(d.day AS timestamp) AT TIME ZONE 'UTC'
    AND o.placed_at < CAST(d.day + 1 AS timestamp) AT TIME ZONE 'UTC'"""
# The sums of the days in ``d``, from the orders.
_DAYS = f"""
SELECT d.day, o.currency, o.status, count(*)::int AS orders, sum(o.net_minor)::bigint AS net_minor,
  (count(*) FILTER (WHERE o.is_first))::int AS first_orders,
  coalesce(sum(o.net_minor) FILTER (WHERE o.is_first), 0)::bigint AS first_net_minor
FROM d CROSS JOIN LATERAL (
  SELECT o.currency, o.status, o.total_minor - o.refunded_minor AS net_minor,
    o.status <> 'CANCELLED' AND NOT EXISTS (
      SELECT FROM orders e WHERE e.email_key = o.email_key AND e.status <> 'CANCELLED'
        AND (e.placed_at, e.id) < (o.placed_at, o.id)) AS is_first
  FROM orders o WHERE {_OF_DAY}) o
GROUP BY d.day, o.currency, o.status
"""  # noqa: S608 - constants
# OFFSET 0: line by line through the index. Guessing that many days have changed, a plan would read all lines for one.
_PRODUCTS = f"""
SELECT d.day, o.currency, coalesce(l.product_id, '{GONE}') AS product_id,
  sum(l.quantity - l.refunded_quantity)::int AS pieces, sum(l.total_minor - l.refunded_minor)::bigint AS net_minor
FROM d JOIN orders o ON {_OF_DAY} CROSS JOIN LATERAL (SELECT * FROM order_lines WHERE order_id = o.id OFFSET 0) l
WHERE o.status <> 'CANCELLED' GROUP BY d.day, o.currency, 3
"""  # noqa: S608 - constants
_COUPONS = f"""
SELECT d.day, o.currency, o.coupon_code AS code, count(*)::int AS uses,
  sum(o.total_minor - o.refunded_minor)::bigint AS net_minor, sum(o.discount_minor)::bigint AS discount_minor
FROM d JOIN orders o ON {_OF_DAY}
WHERE o.status <> 'CANCELLED' AND o.coupon_code IS NOT NULL GROUP BY d.day, o.currency, o.coupon_code
"""  # noqa: S608 - constants
_TABLES = {"sales_days": _DAYS, "sales_products": _PRODUCTS, "sales_coupons": _COUPONS}


def _parts(table: str, columns: str) -> str:
    """Return the statement's beginning: ``d``, the days that have changed, and ``parts``, the sums of every day."""
    return f"""
WITH d AS MATERIALIZED (SELECT DISTINCT day FROM sales_changes WHERE day BETWEEN :start AND :end),
parts AS (
  SELECT {columns} FROM sales_{table} WHERE day BETWEEN :start AND :end AND day NOT IN (SELECT day FROM d)
  UNION ALL SELECT {columns} FROM ({_TABLES[f"sales_{table}"]}) live)
"""  # noqa: S608 - constants


SALES_BY_DAY = text(f"""{_parts("days", "day, currency, status, orders, net_minor, first_orders, first_net_minor")}
SELECT * FROM parts
""")  # noqa: S608 - constants
_OF_CURRENCY = "CAST(:currency AS text) IS NULL OR currency = :currency"
_SOLD = f"""{_parts("products", "currency, product_id, pieces, net_minor")},
sold AS MATERIALIZED (
  SELECT currency, product_id, sum(pieces)::bigint AS pieces, sum(net_minor)::bigint AS net_minor FROM parts
  WHERE {_OF_CURRENCY} GROUP BY currency, product_id)
"""  # noqa: S608 - constants
# The limit before the names: else each of all the products that were sold is looked up for its own.
BEST = text(f"""{_SOLD},
best AS MATERIALIZED (
  SELECT * FROM sold WHERE product_id <> '{GONE}' ORDER BY currency, net_minor DESC, product_id LIMIT :limit)
SELECT best.currency, p.id, p.name, best.pieces, best.net_minor FROM best JOIN products p ON p.id = best.product_id
ORDER BY best.currency, best.net_minor DESC, p.id
""")  # noqa: S608 - constants
# OFFSET 0: the products are read once, rather than looked up one by one; how many were sold is not known to a plan.
SOLD = text(f"""{_SOLD},
best AS MATERIALIZED (
  SELECT * FROM sold WHERE product_id <> '{GONE}' ORDER BY net_minor DESC, product_id LIMIT :limit)
SELECT true AS is_product, best.currency, p.id, p.name, best.pieces, best.net_minor
FROM best JOIN products p ON p.id = best.product_id
UNION ALL
SELECT false, s.currency, c.id, c.name, s.pieces, s.net_minor
FROM (
  SELECT sold.currency, p.category_id, sum(sold.pieces)::bigint AS pieces, sum(sold.net_minor)::bigint AS net_minor
  FROM sold LEFT JOIN (SELECT id, category_id FROM products OFFSET 0) p ON p.id = sold.product_id
  GROUP BY sold.currency, p.category_id) s
LEFT JOIN categories c ON c.id = s.category_id
ORDER BY is_product DESC, net_minor DESC, id
""")  # noqa: S608 - constants
COUPONS = text(f"""{_parts("coupons", "currency, code, uses, net_minor, discount_minor")}
SELECT currency, code, sum(uses)::bigint AS uses, sum(net_minor)::bigint, sum(discount_minor)::bigint FROM parts
WHERE {_OF_CURRENCY} GROUP BY currency, code ORDER BY currency, uses DESC, code LIMIT :limit
""")  # noqa: S608 - constants


@dataclass(frozen=True)
class DaySales:
    """The orders of a day in one currency that stand at one status now; some are their customers' first."""

    day: date
    currency: str
    status: str
    orders: int
    net_minor: int
    first_orders: int = 0
    first_net_minor: int = 0


@dataclass(frozen=True)
class SoldRow:
    """A product or category with what it brought. No id: products that are gone."""

    currency: str
    id: UUID | None
    name: str
    pieces: int
    net_minor: int


@dataclass(frozen=True)
class CouponSales:
    """How often a code was used in orders of one currency, what these brought and what it took off."""

    currency: str
    code: str
    uses: int
    net_minor: int
    discount_minor: int


def _within(days: DayRange, **more: Any) -> dict[str, Any]:
    return {"start": days.start, "end": days.end, **more}


async def list_sales_by_day(session: AsyncSession, days: DayRange) -> list[DaySales]:
    """Return each day's orders of a range and of the one before, by currency and status; days without are left out."""
    values = {"start": days.before.start, "end": days.end}
    return [DaySales(*row) for row in await session.execute(SALES_BY_DAY, values)]


async def list_best(session: AsyncSession, days: DayRange, currency: str | None, limit: int) -> list[SoldRow]:
    """Return the products that brought most in a range, of the orders in one currency, or in each with None."""
    rows = await session.execute(BEST, _within(days, currency=currency, limit=limit))
    return [SoldRow(*row) for row in rows]


async def list_sold(
    session: AsyncSession, days: DayRange, currency: str | None, limit: int
) -> tuple[list[SoldRow], list[SoldRow]]:
    """Return the products that brought most in a range, and all categories. One statement."""
    rows = (await session.execute(SOLD, _within(days, currency=currency, limit=limit))).all()
    found = [(row.is_product, SoldRow(row.currency, row.id, row.name or "", row.pieces, row.net_minor)) for row in rows]
    return [one for is_product, one in found if is_product], [one for is_product, one in found if not is_product]


async def list_coupons(session: AsyncSession, days: DayRange, currency: str | None, limit: int) -> list[CouponSales]:
    """Return the codes that were used most in a range, of the orders in one currency, or in each with None."""
    rows = await session.execute(COUPONS, _within(days, currency=currency, limit=limit))
    return [CouponSales(*row) for row in rows]


async def add_up(session: AsyncSession, limit: int) -> int:
    """Make the sums of days that have changed anew, the newest first; return how many days there were.

    An order that changes meanwhile leaves its own word, so that its day is added up once more.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADDING_UP})
    taken = await session.execute(
        text("""
            WITH d AS (SELECT DISTINCT day FROM sales_changes ORDER BY day DESC LIMIT :limit),
            gone AS (DELETE FROM sales_changes USING d WHERE sales_changes.day = d.day RETURNING sales_changes.day)
            SELECT DISTINCT day FROM gone
        """),
        {"limit": limit},
    )
    days = [row.day for row in taken]
    for table, sums in _TABLES.items() if days else ():
        await session.execute(text(f"DELETE FROM {table} WHERE day = ANY(:days)"), {"days": days})  # noqa: S608
        given = "WITH d AS (SELECT unnest(CAST(:days AS date[])) AS day)"
        await session.execute(text(f"INSERT INTO {table} {given} {sums}"), {"days": days})
    return len(days)
