"""What an account wishes for, with all that programs read of the products."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.repositories.catalog import VISIBLE
from shophub.repositories.product_records import RECORD, RECORD_JOINS, SHOP

WISHES = f"""
FROM wishlists w JOIN wishlist_items i ON i.wishlist_id = w.id JOIN products p ON p.id = i.product_id
WHERE w.user_id = :user_id AND {VISIBLE} AND (CAST(:product_id AS uuid) IS NULL OR i.product_id = :product_id)
"""
PAGE = text(f"""
WITH {SHOP},
shown AS MATERIALIZED (
  SELECT i.product_id, i.added_price_minor, i.created_at {WISHES}
  ORDER BY i.created_at DESC, i.product_id LIMIT :limit OFFSET :offset)
SELECT s.product_id, s.added_price_minor, s.created_at, {RECORD}::text AS product
FROM shown s JOIN products p ON p.id = s.product_id CROSS JOIN shop {RECORD_JOINS}
ORDER BY s.created_at DESC, s.product_id
""")  # noqa: S608 - the pieces are constants of ours
COUNT = text(f"SELECT count(*) {WISHES}")


@dataclass(frozen=True)
class WishRecord:
    """A wish: since when, at which price then, and the product as JSON."""

    product_id: UUID
    added_price_minor: int
    added_at: datetime
    product: str


async def list_wishes(session: AsyncSession, user_id: UUID, *, limit: int, offset: int) -> list[WishRecord]:
    """Return a page of what an account wishes for and can be shown, the newest wish first. One statement."""
    return await _list(session, user_id, None, limit, offset)


async def find_wish(session: AsyncSession, user_id: UUID, product_id: UUID) -> WishRecord | None:
    """Return the account's wish for a product that can be shown."""
    return next(iter(await _list(session, user_id, product_id, 1, 0)), None)


async def count_wishes(session: AsyncSession, user_id: UUID) -> int:
    """Return how many of the account's wishes can be shown."""
    return int((await session.execute(COUNT, {"user_id": user_id, "product_id": None})).scalar_one())


async def _list(
    session: AsyncSession, user_id: UUID, product_id: UUID | None, limit: int, offset: int
) -> list[WishRecord]:
    values = {"user_id": user_id, "product_id": product_id, "limit": limit, "offset": offset}
    return [WishRecord(*row) for row in await session.execute(PAGE, values)]
