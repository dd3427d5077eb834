"""Loading many rows at once into an empty store."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, insert, text
from sqlmodel import SQLModel

from shophub.db import AsyncSession

# Whoever loads a demo store holds this lock until the end of the transaction; a second one waits and finds it loaded.
LOADING_LOCK = 7_305_003

IS_EMPTY = text("""
SELECT NOT EXISTS (SELECT FROM products) AND NOT EXISTS (SELECT FROM categories) AND NOT EXISTS (SELECT FROM users)
  AND NOT EXISTS (SELECT FROM coupons) AND NOT EXISTS (SELECT FROM checkouts)
""")

SETTINGS = text("""
UPDATE store_settings SET store_name = :store_name, store_email = :store_email, store_phone = :store_phone,
  store_address = :store_address, currency = :currency, tax_rate_ppm = 0, shipping_fee_minor = :shipping_fee_minor,
  free_shipping_threshold_minor = :free_shipping_threshold_minor, ship_to_countries = :ship_to_countries,
  low_stock_threshold = :low_stock_threshold, pages = CAST(:pages AS jsonb),
  updated_at = :now
WHERE id = 1
""")

# Visitors of each day, some 25 for an order on average; how far each came follows from its number in the day.
VISITS = text("""
INSERT INTO visits (id, visited_on, visitor_hash, saw_product, added_to_cart, started_checkout, ordered, created_at)
SELECT CAST(md5('visit' || day.visited_on || n) AS uuid), day.visited_on, md5('visitor' || day.visited_on || n),
  n <= day.visitors * 7 / 10, n <= greatest(day.orders, day.visitors * 2 / 10),
  n <= greatest(day.orders, day.visitors / 10), n <= day.orders, day.visited_on + time '12:00' AT TIME ZONE 'UTC'
FROM (
  SELECT d.visited_on, d.orders, d.orders * 18 + 20 + abs(hashtext(d.visited_on::text)) % 15 AS visitors
  FROM unnest(CAST(:days AS date[]), CAST(:orders AS int[])) AS d(visited_on, orders)) day,
  generate_series(1, day.visitors) n
""")


async def lock_and_check_empty(session: AsyncSession) -> bool:
    """Wait for another loader to finish, then return whether nothing is in the store yet."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOADING_LOCK})
    return await is_empty(session)


async def is_empty(session: AsyncSession) -> bool:
    """Return whether the store has no product, category, account, coupon or checkout."""
    return bool((await session.execute(IS_EMPTY)).scalar_one())


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one table; all have the same columns, the others get the database's defaults."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    if rows:
        # Without the models' own defaults: those of the columns are the database's.
        await session.execute(insert(table), list(rows))


async def update_settings(session: AsyncSession, values: Mapping[str, Any], now: datetime) -> None:
    """Fill in the store's settings."""
    await session.execute(SETTINGS, {**values, "now": now})


async def insert_visits(session: AsyncSession, orders_per_day: Mapping[date, int]) -> None:
    """Insert visitors for each day, as many as go with its number of orders."""
    values = {"days": list(orders_per_day), "orders": list(orders_per_day.values())}
    await session.execute(VISITS, values)


async def set_order_number(session: AsyncSession, last: int) -> None:
    """Let the next order get the number after ``last``."""
    await session.execute(text("SELECT setval('order_number', :last)"), {"last": last})


async def analyze(session: AsyncSession) -> None:
    """Let the database look at what it now holds, so that its first plans are good ones."""
    await session.execute(text("ANALYZE"))
