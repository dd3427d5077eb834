"""Wishlists: one per account, read a page at a time, shared by a link that can be taken back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id
from shophub.repositories.catalog import VISIBLE
from shophub.repositories.listings import CardRow, list_chosen

MAX_ITEMS = 500

IDS = text(f"""
SELECT i.product_id FROM wishlists w JOIN wishlist_items i ON i.wishlist_id = w.id
WHERE w.user_id = :user_id ORDER BY i.created_at DESC, i.product_id LIMIT {MAX_ITEMS}
""")  # noqa: S608 - a constant
ENSURE = text("""
INSERT INTO wishlists (id, user_id, created_at) VALUES (:id, :user_id, now())
ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING id
""")
# What was there stays with the price that it was wished for at.
ADD = text(f"""
INSERT INTO wishlist_items (wishlist_id, product_id, added_price_minor, created_at)
SELECT :wishlist_id, p.id, p.price_from_minor, clock_timestamp() FROM products p WHERE p.id = :product_id AND {VISIBLE}
ON CONFLICT DO NOTHING
""")  # noqa: S608
REMOVE = text("""
DELETE FROM wishlist_items i USING wishlists w
WHERE w.id = i.wishlist_id AND w.user_id = :user_id AND i.product_id = :product_id
""")
# A guest wishes for less than an account: nobody looks after what is left behind.
MAX_OF_GUEST = 100
GUEST_IDS = text(f"""
SELECT product_id FROM guest_wishes WHERE guest_token_hash = :guest ORDER BY created_at DESC, product_id
LIMIT {MAX_OF_GUEST}
""")  # noqa: S608
GUEST_ADD = text(f"""
INSERT INTO guest_wishes (guest_token_hash, product_id, created_at)
SELECT :guest, p.id, clock_timestamp() FROM products p WHERE p.id = :product_id AND {VISIBLE}
ON CONFLICT DO NOTHING
""")  # noqa: S608
# Held until the transaction's end: a guest has no row of their own that could be locked.
GUEST_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('guest-wishes:' || CAST(:guest AS text), 0))")
GUEST_REMOVE = text("DELETE FROM guest_wishes WHERE guest_token_hash = :guest AND product_id = :product_id")
# The newest ones, where the list has less room than the guest had wishes.
ADOPT = text(f"""
WITH gone AS (DELETE FROM guest_wishes WHERE guest_token_hash = :guest RETURNING product_id, created_at)
INSERT INTO wishlist_items (wishlist_id, product_id, added_price_minor, created_at)
SELECT :wishlist_id, p.id, p.price_from_minor, gone.created_at FROM gone JOIN products p ON p.id = gone.product_id
WHERE {VISIBLE} AND NOT EXISTS (
  SELECT 1 FROM wishlist_items i WHERE i.wishlist_id = :wishlist_id AND i.product_id = gone.product_id)
ORDER BY gone.created_at DESC
LIMIT greatest(0, {MAX_ITEMS} - (SELECT count(*) FROM wishlist_items i WHERE i.wishlist_id = :wishlist_id))
ON CONFLICT DO NOTHING
""")  # noqa: S608
COUNT = text(f"""
SELECT count(*) FROM wishlist_items i JOIN products p ON p.id = i.product_id
WHERE i.wishlist_id = :wishlist_id AND {VISIBLE}
""")  # noqa: S608
PAGE = f"""
SELECT p.id FROM wishlist_items i JOIN products p ON p.id = i.product_id
WHERE i.wishlist_id = :wishlist_id AND {VISIBLE} ORDER BY i.created_at DESC, i.product_id LIMIT :limit
"""  # noqa: S608
# A product with one variant can go into a cart as it is; of another, its options have to be chosen.
DETAILS = text("""
SELECT i.product_id, i.added_price_minor, p.price_from_minor, many.n > 1 AS needs_choice,
  CASE WHEN many.n = 1 THEN many.free END AS variant_id
FROM wishlist_items i JOIN products p ON p.id = i.product_id
JOIN LATERAL (
  SELECT count(*) AS n, (array_agg(v.id) FILTER (WHERE v.stock - v.reserved > 0))[1] AS free
  FROM variants v WHERE v.product_id = i.product_id) many ON true
WHERE i.wishlist_id = :wishlist_id AND i.product_id = ANY(:ids)
""")


@dataclass(frozen=True)
class WishlistRow:
    """A wishlist and whose it is."""

    id: UUID
    owner_name: str
    share_token: str | None


@dataclass(frozen=True)
class WishDetails:
    """What a wish adds to its product's card. ``variant_id``: the only variant, where it can be had."""

    product_id: UUID
    added_price_minor: int
    price_from_minor: int
    needs_choice: bool
    variant_id: UUID | None


async def list_ids(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Return what an account wishes for, the newest wish first."""
    return list((await session.execute(IDS, {"user_id": user_id})).scalars())


async def ensure(session: AsyncSession, user_id: UUID) -> UUID:
    """Return the account's wishlist, made where there was none; locked until the transaction's end."""
    wishlist_id: UUID = (await session.execute(ENSURE, {"id": new_id(), "user_id": user_id})).scalar_one()
    return wishlist_id


async def add(session: AsyncSession, wishlist_id: UUID, product_id: UUID) -> None:
    """Wish for a visible product; again changes nothing."""
    await session.execute(ADD, {"wishlist_id": wishlist_id, "product_id": product_id})


async def remove(session: AsyncSession, user_id: UUID, product_id: UUID) -> None:
    """Wish for a product no more; again changes nothing."""
    await session.execute(REMOVE, {"user_id": user_id, "product_id": product_id})


async def list_guest_ids(session: AsyncSession, guest_token_hash: str) -> list[UUID]:
    """Return what a guest wishes for, the newest wish first."""
    return list((await session.execute(GUEST_IDS, {"guest": guest_token_hash})).scalars())


async def lock_guest(session: AsyncSession, guest_token_hash: str) -> None:
    """Have a guest's wishes added one after the other, so that they can be counted."""
    await session.execute(GUEST_LOCK, {"guest": guest_token_hash})


async def add_for_guest(session: AsyncSession, guest_token_hash: str, product_id: UUID) -> None:
    """Have a guest wish for a visible product; again changes nothing."""
    await session.execute(GUEST_ADD, {"guest": guest_token_hash, "product_id": product_id})


async def remove_for_guest(session: AsyncSession, guest_token_hash: str, product_id: UUID) -> None:
    """Have a guest wish for a product no more; again changes nothing."""
    await session.execute(GUEST_REMOVE, {"guest": guest_token_hash, "product_id": product_id})


async def adopt(session: AsyncSession, guest_token_hash: str, wishlist_id: UUID) -> None:
    """Move a guest's wishes onto a list, as far as it has room; what is there already stays as it is."""
    await session.execute(ADOPT, {"guest": guest_token_hash, "wishlist_id": wishlist_id})


async def find_own(session: AsyncSession, user_id: UUID) -> WishlistRow | None:
    """Return the account's wishlist, if it ever wished for anything."""
    return await _find(session, "w.user_id = :value", user_id)


async def find_shared(session: AsyncSession, share_token: str) -> WishlistRow | None:
    """Return the wishlist that a link opens, while it is shared and its owner is there."""
    return await _find(session, "w.share_token = :value AND u.is_active AND u.erased_at IS NULL", share_token)


async def _find(session: AsyncSession, condition: str, value: UUID | str) -> WishlistRow | None:
    statement = text(
        f"SELECT w.id, u.full_name, w.share_token FROM wishlists w JOIN users u ON u.id = w.user_id WHERE {condition}"  # noqa: S608
    )
    row = (await session.execute(statement, {"value": value})).one_or_none()
    return None if row is None else WishlistRow(row.id, row.full_name, row.share_token)


async def count_items(session: AsyncSession, wishlist_id: UUID) -> int:
    """Return how many of the wishes can be shown."""
    return int((await session.execute(COUNT, {"wishlist_id": wishlist_id})).scalar_one())


async def list_cards(session: AsyncSession, wishlist_id: UUID, limit: int) -> list[CardRow]:
    """Return the newest wishes as cards. One statement."""
    return await list_chosen(session, PAGE, {"wishlist_id": wishlist_id, "limit": limit})


async def list_details(session: AsyncSession, wishlist_id: UUID, ids: list[UUID]) -> dict[UUID, WishDetails]:
    """Return by product what the wishes for some products add to their cards. One statement."""
    rows: Any = await session.execute(DETAILS, {"wishlist_id": wishlist_id, "ids": ids})
    return {row.product_id: WishDetails(*row) for row in rows}


async def set_share_token(session: AsyncSession, user_id: UUID, token: str | None) -> str | None:
    """Share the list, under the token that it has or else ``token``; with None it is shared no more."""
    statement = text("""
        UPDATE wishlists SET share_token = CASE WHEN CAST(:token AS text) IS NULL THEN NULL
          ELSE coalesce(share_token, :token) END
        WHERE user_id = :user_id RETURNING share_token
    """)
    found: str | None = (await session.execute(statement, {"user_id": user_id, "token": token})).scalar_one_or_none()
    return found
