"""What sold how often."""

from typing import Any

from sqlalchemy import CursorResult, text

from shophub.db import AsyncSession

# In the order of their ids, as every other change of several products.
REFRESH = text("""
WITH sold AS (
  SELECT l.product_id, sum(l.quantity) AS pieces FROM order_lines l JOIN orders o ON o.id = l.order_id
  WHERE o.status <> 'CANCELLED' AND l.product_id IS NOT NULL GROUP BY l.product_id),
changed AS (
  SELECT p.id, coalesce(sold.pieces, 0) AS pieces FROM products p LEFT JOIN sold ON sold.product_id = p.id
  WHERE p.sold_count <> coalesce(sold.pieces, 0) ORDER BY p.id FOR UPDATE OF p)
UPDATE products SET sold_count = changed.pieces FROM changed WHERE products.id = changed.id
""")


async def refresh_sold_counts(session: AsyncSession) -> int:
    """Count, for every product, the pieces in orders that were not cancelled; return how many counts changed."""
    result: CursorResult[Any] = await session.execute(REFRESH)  # type: ignore[assignment]
    return result.rowcount
