"""Figures of the shop beside its sales: visits, customers, refunds, searches, what runs low. Each is one statement.

Money is summed by currency, in minor units, and never across currencies. Days are UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.ranges import DayRange

PEOPLE = text("""
SELECT
  (SELECT jsonb_build_array(coalesce(sum(visits), 0), coalesce(sum(ordered), 0)) FROM visit_days
   WHERE day BETWEEN :start AND :end) AS visits,
  (SELECT jsonb_build_array(coalesce(sum(visits), 0), coalesce(sum(ordered), 0)) FROM visit_days
   WHERE day BETWEEN :before_start AND :before_end) AS visits_before,
  (SELECT count(*) FROM users WHERE role = 'CUSTOMER'
   AND created_at >= CAST(CAST(:start AS date) AS timestamp) AT TIME ZONE 'UTC'
     AND created_at < CAST(CAST(:end AS date) + 1 AS timestamp) AT TIME ZONE 'UTC') AS customers,
  (SELECT count(*) FROM users WHERE role = 'CUSTOMER'
   AND created_at >= CAST(CAST(:before_start AS date) AS timestamp) AT TIME ZONE 'UTC'
     AND created_at < CAST(CAST(:before_end AS date) + 1 AS timestamp) AT TIME ZONE 'UTC') AS customers_before
""")

# Days of cover: what is there by what a day of the last thirty took.
LOW_STOCK = text("""
WITH low AS MATERIALIZED (
  SELECT v.id, v.product_id, v.sku, v.option_values, v.stock - v.reserved AS available
  FROM variants v JOIN products p ON p.id = v.product_id CROSS JOIN store_settings s
  WHERE p.status = 'active' AND v.stock - v.reserved <= s.low_stock_threshold
  ORDER BY available, v.id LIMIT :limit),
sold AS (
  SELECT l.variant_id, sum(l.quantity)::bigint AS pieces FROM orders o JOIN order_lines l ON l.order_id = o.id
  WHERE o.status <> 'CANCELLED' AND o.placed_at >= now() - interval '30 days'
    AND l.variant_id IN (SELECT id FROM low) GROUP BY l.variant_id)
SELECT p.id AS product_id, p.name, low.sku, low.option_values, low.available, coalesce(sold.pieces, 0) AS sold
FROM low JOIN products p ON p.id = low.product_id LEFT JOIN sold ON sold.variant_id = low.id
ORDER BY low.available, low.id
""")

# By the moment when the money went back.
REFUNDS = text("""
SELECT r.currency, CASE WHEN r.ended_at < CAST(:start AS timestamp) AT TIME ZONE 'UTC' THEN NULL ELSE r.reason END,
  r.ended_at >= CAST(:start AS timestamp) AT TIME ZONE 'UTC' AS is_now, count(*),
  sum(r.amount_minor)::bigint AS amount_minor
FROM refunds r
WHERE r.status = 'succeeded' AND r.amount_minor > 0
  AND r.ended_at >= CAST(:before_start AS timestamp) AT TIME ZONE 'UTC'
  AND r.ended_at < CAST(CAST(:end AS date) + 1 AS timestamp) AT TIME ZONE 'UTC'
GROUP BY 1, 2, 3 ORDER BY amount_minor DESC, 1, 2
""")

NOTHING_FOUND = text("""
SELECT query, sum(times)::bigint AS times, max(day) AS last_on FROM searches
WHERE result_count = 0 AND day BETWEEN :start AND :end
GROUP BY query ORDER BY times DESC, last_on DESC, query LIMIT :limit
""")

TO_DO = text("""
SELECT
  (SELECT count(*) FROM orders WHERE status = 'PROCESSING' AND payment_status IN ('PAID', 'PARTIALLY_REFUNDED'))
    AS to_ship,
  (SELECT count(*) FROM orders WHERE needs_review) AS to_review,
  (SELECT count(*) FROM disputes WHERE closed_at IS NULL) AS disputes,
  (SELECT count(*) FROM refunds WHERE status = 'failed' AND ended_at >= now() - interval '30 days') AS failed_refunds,
  (SELECT count(*) FROM variants v JOIN products p ON p.id = v.product_id
   WHERE p.status = 'active' AND v.stock <= v.reserved) AS sold_out
""")

LATEST_ORDERS = text("""
SELECT o.id, o.number, o.email, o.status, o.payment_status, o.needs_review, o.total_minor, o.currency, o.placed_at,
  o.shipping_address ->> 'full_name' AS name
FROM orders o ORDER BY o.placed_at DESC, o.id DESC LIMIT :limit
""")


@dataclass(frozen=True)
class PeopleRow:
    """Visits, those of them that came to an order, and new accounts of customers, in a range and in the one before."""

    visits: int
    ordered: int
    visits_before: int
    ordered_before: int
    customers: int
    customers_before: int


@dataclass(frozen=True)
class LowStockRow:
    """A variant of which little is left, with the pieces sold in the last thirty days."""

    product_id: UUID
    name: str
    sku: str
    option_values: tuple[str, ...]
    available: int
    sold: int


@dataclass(frozen=True)
class RefundRow:
    """Refunds of one currency for one reason; of the range before they are added up over all reasons."""

    currency: str
    reason: str
    is_now: bool
    count: int
    amount_minor: int


@dataclass(frozen=True)
class SearchRow:
    """What was searched for in vain: how often, and when last."""

    query: str
    times: int
    last_on: date


@dataclass(frozen=True)
class ToDoRow:
    """How many things wait for somebody."""

    to_ship: int
    to_review: int
    disputes: int
    failed_refunds: int
    sold_out: int


@dataclass(frozen=True)
class LatestOrderRow:
    """An order as the feed shows it."""

    id: UUID
    number: int
    email: str
    status: str
    payment_status: str
    needs_review: bool
    total_minor: int
    currency: str
    placed_at: datetime
    name: str | None


def _bounds(days: DayRange) -> dict[str, Any]:
    return {"start": days.start, "end": days.end}


async def get_people(session: AsyncSession, days: DayRange) -> PeopleRow:
    """Return visits and new customers of a range and of the one before."""
    before = days.before
    values = {**_bounds(days), "before_start": before.start, "before_end": before.end}
    row: Any = (await session.execute(PEOPLE, values)).one()
    (visits, ordered), (visits_before, ordered_before) = row.visits, row.visits_before
    return PeopleRow(visits, ordered, visits_before, ordered_before, row.customers, row.customers_before)


async def list_low_stock(session: AsyncSession, limit: int) -> list[LowStockRow]:
    """Return the active variants that are at or below the store's threshold, the scarcest first."""
    return [
        LowStockRow(row.product_id, row.name, row.sku, tuple(row.option_values), row.available, row.sold)
        for row in await session.execute(LOW_STOCK, {"limit": limit})
    ]


async def list_refunds(session: AsyncSession, days: DayRange) -> list[RefundRow]:
    """Return what went back in a range by reason, the largest sums first, and in the range before."""
    values = {**_bounds(days), "before_start": days.before.start}
    rows = await session.execute(REFUNDS, values)
    return [RefundRow(row[0], row[1] or "", row[2], row[3], row[4]) for row in rows]


async def list_searches_in_vain(session: AsyncSession, days: DayRange, limit: int) -> list[SearchRow]:
    """Return what was searched for most in a range without finding anything; searches are kept for 90 days."""
    rows = await session.execute(NOTHING_FOUND, {**_bounds(days), "limit": limit})
    return [SearchRow(*row) for row in rows]


async def get_to_do(session: AsyncSession) -> ToDoRow:
    """Return how many things wait for somebody."""
    return ToDoRow(*(await session.execute(TO_DO)).one())


async def list_latest_orders(session: AsyncSession, limit: int) -> list[LatestOrderRow]:
    """Return the newest orders."""
    return [LatestOrderRow(*row) for row in await session.execute(LATEST_ORDERS, {"limit": limit})]
