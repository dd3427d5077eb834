"""Variants: which one somebody means."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession

# The first in the product's own order, sold out or not: the same call always means the same thing.
MEANT = text("""
SELECT w.place, v.id
FROM unnest(CAST(:products AS uuid[]), CAST(:variants AS uuid[])) WITH ORDINALITY AS w(product_id, variant_id, place)
JOIN LATERAL (
  SELECT one.id FROM variants one
  WHERE one.id = w.variant_id AND (w.product_id IS NULL OR one.product_id = w.product_id)
  UNION ALL
  (SELECT one.id FROM variants one
   WHERE w.variant_id IS NULL AND one.product_id = w.product_id ORDER BY one.position, one.id LIMIT 1)
) v ON true
""")


async def list_meant(session: AsyncSession, wanted: Sequence[tuple[UUID | None, UUID | None]]) -> dict[int, UUID]:
    """Return by place which variant each (product, variant) means, without those that mean none. One statement."""
    values = {"products": [product for product, _ in wanted], "variants": [variant for _, variant in wanted]}
    return {row.place - 1: row.id for row in await session.execute(MEANT, values)}
