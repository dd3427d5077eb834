"""Reviews: reading them a page at a time, writing one's own, and what readers found helpful."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id
from shophub.repositories.catalog import ReviewRow

# The second column makes the order whole, so that no page repeats another's.
ORDERS = {
    "newest": "r.created_at DESC, r.id DESC",
    "helpful": "r.helpful_count DESC, r.created_at DESC, r.id DESC",
    "highest": "r.rating DESC, r.created_at DESC, r.id DESC",
    "lowest": "r.rating, r.created_at DESC, r.id DESC",
}
READ = """
SELECT r.id, r.author_name, r.rating, r.comment, r.order_id IS NOT NULL AS verified, r.helpful_count, r.created_at,
  r.updated_at > r.created_at AS edited,
  EXISTS (SELECT 1 FROM review_votes v WHERE v.review_id = r.id AND v.user_id = CAST(:user_id AS uuid)) AS voted
FROM reviews r
WHERE r.product_id = :product_id AND NOT r.is_hidden
  AND (CAST(:user_id AS uuid) IS NULL OR r.user_id IS DISTINCT FROM CAST(:user_id AS uuid))
  AND (:stars = 0 OR r.rating = :stars)
ORDER BY {order} LIMIT :limit
"""
COUNTS = text("""
SELECT r.rating, count(*) AS n FROM reviews r WHERE r.product_id = :product_id AND NOT r.is_hidden GROUP BY r.rating
""")
# An order counts from the moment it was delivered, also when some of it was sent back later.
STANDING = text("""
SELECT own.id, own.rating, own.comment, own.is_hidden, own.hidden_reason, own.helpful_count, own.created_at,
  own.updated_at > own.created_at AS edited, received.id AS order_id
FROM (SELECT 1) asked
LEFT JOIN reviews own ON own.product_id = :product_id AND own.user_id = :user_id
LEFT JOIN LATERAL (
  SELECT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id
  WHERE l.product_id = :product_id AND o.user_id = :user_id AND o.status = 'DELIVERED'
  ORDER BY o.placed_at DESC LIMIT 1) received ON true
""")
INSERT = text("""
INSERT INTO reviews (id, product_id, user_id, order_id, author_name, rating, comment, created_at, updated_at)
VALUES (:id, :product_id, :user_id, :order_id, :author_name, :rating, :comment, :now, :now)
ON CONFLICT (product_id, user_id) DO NOTHING RETURNING id
""")
UPDATE = text("""
UPDATE reviews SET rating = :rating, comment = :comment, updated_at = :now, checked_at = NULL
WHERE id = :id AND user_id = :user_id RETURNING product_id
""")
# A trigger counts the votes, so that those of somebody who is erased count no more.
VOTE = text("""
INSERT INTO review_votes (review_id, user_id, created_at)
SELECT r.id, :user_id, :now FROM reviews r
WHERE r.id = :id AND NOT r.is_hidden AND r.user_id IS DISTINCT FROM CAST(:user_id AS uuid)
ON CONFLICT DO NOTHING
""")
UNVOTE = text("DELETE FROM review_votes WHERE review_id = :id AND user_id = :user_id")


WRITTEN = text("""
SELECT id, rating, comment, author_name AS author, order_id IS NOT NULL AS verified, helpful_count AS helpful,
  created_at, updated_at
FROM reviews WHERE id = :id AND user_id = :user_id
""")


@dataclass(frozen=True)
class WrittenRow:
    """A review as anybody reads it."""

    id: UUID
    rating: int
    comment: str
    author: str
    verified: bool
    helpful: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class OwnReviewRow:
    """A customer's own review."""

    id: UUID
    rating: int
    comment: str
    is_hidden: bool
    hidden_reason: str | None
    helpful_count: int
    created_at: datetime
    is_edited: bool


@dataclass(frozen=True)
class Standing:
    """What a customer has to do with a product: their review, and a delivered order that contains it."""

    own: OwnReviewRow | None = None
    order_id: UUID | None = None


async def list_reviews(
    session: AsyncSession, product_id: UUID, user_id: UUID | None, *, stars: int, sort: str, limit: int
) -> list[ReviewRow]:
    """Return the first visible reviews of a product but for the reader's own. ``sort`` is a key of ``ORDERS``."""
    values = {"product_id": product_id, "user_id": user_id, "stars": stars, "limit": limit}
    rows = await session.execute(text(READ.format(order=ORDERS[sort])), values)
    return [
        ReviewRow(
            id=str(row.id),
            author_name=row.author_name,
            rating=row.rating,
            comment=row.comment,
            is_verified=row.verified,
            helpful_count=row.helpful_count,
            created_at=row.created_at,
            is_edited=row.edited,
            is_voted=row.voted,
        )
        for row in rows
    ]


async def count_by_stars(session: AsyncSession, product_id: UUID) -> dict[int, int]:
    """Return how many visible reviews gave how many stars."""
    return {row.rating: row.n for row in await session.execute(COUNTS, {"product_id": product_id})}


async def get_standing(session: AsyncSession, product_id: UUID, user_id: UUID) -> Standing:
    """Return what a customer has to do with a product. One statement."""
    row: Any = (await session.execute(STANDING, {"product_id": product_id, "user_id": user_id})).one()
    if row.id is None:
        return Standing(None, row.order_id)
    own = OwnReviewRow(
        row.id,
        row.rating,
        row.comment,
        row.is_hidden,
        row.hidden_reason,
        row.helpful_count,
        row.created_at,
        row.edited,
    )
    return Standing(own, row.order_id)


async def insert(
    session: AsyncSession,
    *,
    product_id: UUID,
    user_id: UUID,
    order_id: UUID,
    author_name: str,
    rating: int,
    comment: str,
    now: datetime,
) -> UUID | None:
    """Write a review; None where the customer has one of this product."""
    values = {
        "id": new_id(), "product_id": product_id, "user_id": user_id, "order_id": order_id,
        "author_name": author_name, "rating": rating, "comment": comment, "now": now,
    }  # fmt: skip
    written: UUID | None = (await session.execute(INSERT, values)).scalar_one_or_none()
    return written


async def update(
    session: AsyncSession, review_id: UUID, user_id: UUID, *, rating: int, comment: str, now: datetime
) -> UUID | None:
    """Change one's own review and return its product; None where there is none."""
    values = {"id": review_id, "user_id": user_id, "rating": rating, "comment": comment, "now": now}
    product_id: UUID | None = (await session.execute(UPDATE, values)).scalar_one_or_none()
    return product_id


async def delete(session: AsyncSession, review_id: UUID, user_id: UUID) -> UUID | None:
    """Delete one's own review and return its product; None where there is none."""
    statement = text("DELETE FROM reviews WHERE id = :id AND user_id = :user_id RETURNING product_id")
    product_id: UUID | None = (
        await session.execute(statement, {"id": review_id, "user_id": user_id})
    ).scalar_one_or_none()
    return product_id


async def get_written(session: AsyncSession, review_id: UUID, user_id: UUID) -> WrittenRow:
    """Return a review that the customer has just written."""
    return WrittenRow(*(await session.execute(WRITTEN, {"id": review_id, "user_id": user_id})).one())


async def find_author(session: AsyncSession, review_id: UUID) -> tuple[UUID, UUID | None] | None:
    """Return the product of a visible review and who wrote it, if there is such a review."""
    statement = text("SELECT product_id, user_id FROM reviews WHERE id = :id AND NOT is_hidden")
    row = (await session.execute(statement, {"id": review_id})).one_or_none()
    return None if row is None else (row.product_id, row.user_id)


async def set_vote(session: AsyncSession, review_id: UUID, user_id: UUID, *, is_helpful: bool, now: datetime) -> None:
    """Note, once, that a customer finds a review helpful, or take that back; a trigger counts."""
    values: dict[str, Any] = {"id": review_id, "user_id": user_id}
    await session.execute(VOTE if is_helpful else UNVOTE, values | ({"now": now} if is_helpful else {}))
