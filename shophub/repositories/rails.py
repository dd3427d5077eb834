"""Products beside a product: bought together, looked at lately, and the cards that open pages read again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id
from shophub.repositories.catalog import VISIBLE
from shophub.repositories.listings import CardRow, list_chosen

# Older orders say little of what goes together, and every one of them is looked up.
ORDERS_LOOKED_AT = 300

# What was bought together comes first, by in how many orders; best sellers of the category fill up.
RELATED = f"""
WITH recent AS (
  SELECT l.order_id FROM order_lines l JOIN orders o ON o.id = l.order_id
  WHERE l.product_id = :product AND o.status <> 'CANCELLED'
  ORDER BY l.order_id DESC LIMIT {ORDERS_LOOKED_AT}),
together AS (
  SELECT p.id, count(DISTINCT l.order_id) AS times, p.sold_count
  FROM recent JOIN order_lines l ON l.order_id = recent.order_id JOIN products p ON p.id = l.product_id
  WHERE p.id <> :product AND {VISIBLE}
  GROUP BY p.id ORDER BY times DESC, p.sold_count DESC, p.id DESC LIMIT :limit),
beside AS (
  SELECT p.id, 0 AS times, p.sold_count FROM products p
  WHERE {VISIBLE} AND p.category_id = :category AND p.id <> :product
  ORDER BY p.sold_count DESC, p.id DESC LIMIT :limit * 2)
SELECT id FROM (
  SELECT * FROM together UNION ALL SELECT * FROM beside WHERE id NOT IN (SELECT id FROM together)) either
ORDER BY times DESC, sold_count DESC, id DESC LIMIT :limit
"""  # noqa: S608 - the pieces are constants
VIEWED = """
SELECT p.id FROM product_views w JOIN products p ON p.id = w.product_id
WHERE {visible} AND w.{column} = :viewer AND p.id IS DISTINCT FROM CAST(:product AS uuid)
ORDER BY w.viewed_at DESC, w.id DESC LIMIT :limit
"""
NOTE = """
INSERT INTO product_views (id, {column}, product_id, viewed_at) VALUES (:id, :viewer, :product, :now)
ON CONFLICT ({column}, product_id) WHERE {column} IS NOT NULL DO UPDATE SET viewed_at = excluded.viewed_at
"""
ADOPT = text("""
WITH gone AS (DELETE FROM product_views WHERE guest_token_hash = :guest RETURNING id, product_id, viewed_at)
INSERT INTO product_views (id, user_id, product_id, viewed_at) SELECT id, :user, product_id, viewed_at FROM gone
ON CONFLICT (user_id, product_id) WHERE user_id IS NOT NULL
DO UPDATE SET viewed_at = greatest(product_views.viewed_at, excluded.viewed_at)
""")

# An account, or a guest by the hash of their cookie.
Viewer = UUID | str


def _column(viewer: Viewer) -> str:
    return "guest_token_hash" if isinstance(viewer, str) else "user_id"


async def list_related(session: AsyncSession, category_id: UUID, product_id: UUID, limit: int) -> list[CardRow]:
    """Return what was bought with a product, filled up with its category's best sellers. One statement."""
    values = {"category": category_id, "product": product_id, "limit": limit}
    return await list_chosen(session, RELATED, values)


async def list_viewed(session: AsyncSession, viewer: Viewer, but: UUID | None, limit: int) -> list[CardRow]:
    """Return what somebody looked at lately, the last first, without one product. One statement."""
    page = VIEWED.format(visible=VISIBLE, column=_column(viewer))
    return await list_chosen(session, page, {"viewer": viewer, "product": but, "limit": limit})


async def list_cards(session: AsyncSession, ids: Sequence[UUID]) -> list[CardRow]:
    """Return the visible ones among some products, in the order of ``ids``. One statement."""
    page = f"""
        SELECT p.id FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY asked(id, nr) JOIN products p ON p.id = asked.id
        WHERE {VISIBLE} ORDER BY asked.nr
    """  # noqa: S608
    return await list_chosen(session, page, {"ids": list(ids)})


async def note_viewed(session: AsyncSession, viewer: Viewer, product_id: UUID, now: datetime) -> None:
    """Note that somebody looks at a product now."""
    values = {"id": new_id(), "viewer": viewer, "product": product_id, "now": now}
    await session.execute(text(NOTE.format(column=_column(viewer))), values)


async def adopt_viewed(session: AsyncSession, guest_token_hash: str, user_id: UUID) -> None:
    """Make what a guest looked at an account's."""
    await session.execute(ADOPT, {"guest": guest_token_hash, "user": user_id})
