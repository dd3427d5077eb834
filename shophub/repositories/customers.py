"""One customer as the staff see them: the account, what it did, and what was noted beside its orders."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.repositories.people_lists import TOTALS

_FIND = text(f"""
SELECT u.id, u.email, u.full_name, u.is_active, u.email_verified_at IS NOT NULL AS is_verified, u.accepts_marketing,
  u.last_sign_in_at, u.created_at, coalesce(t.order_count, 0) AS order_count, coalesce(t.spent_minor, 0) AS spent_minor,
  coalesce(t.paid_count, 0) AS paid_count, t.last_order_at,
  (SELECT count(*) FROM addresses a WHERE a.user_id = u.id) AS address_count,
  (SELECT count(*) FROM reviews r WHERE r.user_id = u.id) AS review_count,
  (SELECT count(*) FROM wishlists l JOIN wishlist_items w ON w.wishlist_id = l.id WHERE l.user_id = u.id) AS wish_count
FROM users u LEFT JOIN LATERAL ({TOTALS.format(condition="o.user_id = u.id")}) t ON true
WHERE u.id = :id AND u.erased_at IS NULL
""")  # noqa: S608 - the piece is a constant
_NOTES = text("""
SELECT o.number, n.body, u.full_name AS author, n.created_at
FROM orders o JOIN order_notes n ON n.order_id = o.id LEFT JOIN users u ON u.id = n.author_id
WHERE o.user_id = :id ORDER BY n.created_at DESC, n.id DESC LIMIT :limit
""")
_REVIEWS = text("""
SELECT r.id, r.product_id, p.name AS product_name, r.rating, r.comment, r.is_hidden, r.created_at
FROM reviews r JOIN products p ON p.id = r.product_id
WHERE r.user_id = :id ORDER BY r.created_at DESC, r.id DESC LIMIT :limit
""")


@dataclass(frozen=True)
class CustomerRow:
    """A customer's account. ``spent_minor`` is of ``paid_count`` orders in the store's currency."""

    id: UUID
    email: str
    full_name: str
    is_active: bool
    is_verified: bool
    accepts_marketing: bool
    last_sign_in_at: datetime | None
    created_at: datetime
    order_count: int
    spent_minor: int
    paid_count: int
    last_order_at: datetime | None
    address_count: int
    review_count: int
    wish_count: int


@dataclass(frozen=True)
class NoteRow:
    """A note of the staff with the number of its order."""

    number: int
    body: str
    author: str | None
    created_at: datetime


@dataclass(frozen=True)
class ReviewRow:
    """A review with its product."""

    id: UUID
    product_id: UUID
    product_name: str
    rating: int
    comment: str
    is_hidden: bool
    created_at: datetime


async def find_customer(session: AsyncSession, user_id: UUID) -> CustomerRow | None:
    """Return a customer; None for what is no account, or somebody who was erased."""
    row = (await session.execute(_FIND, {"id": user_id})).mappings().one_or_none()
    return CustomerRow(**row) if row else None


async def list_notes(session: AsyncSession, user_id: UUID, limit: int) -> list[NoteRow]:
    """Return what the staff wrote beside a customer's orders, the newest first."""
    rows = await session.execute(_NOTES, {"id": user_id, "limit": limit})
    return [NoteRow(**row) for row in rows.mappings()]


async def list_reviews(session: AsyncSession, user_id: UUID, limit: int) -> list[ReviewRow]:
    """Return what a customer wrote about products, the newest first."""
    rows = await session.execute(_REVIEWS, {"id": user_id, "limit": limit})
    return [ReviewRow(**row) for row in rows.mappings()]
