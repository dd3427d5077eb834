"""Carts that their owners left, with the wish to be reminded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession

# What a cart holds now, as a fingerprint; when it was last touched; and who would be written to. `reminded_of` is the
# moment of the last touch and the fingerprint that the last reminder was about: taking something out of the cart since
# is no reason for another, nor is the same content again. Nobody who bought since, or is paying, is written to. A cart
# that its owner or another worker is changing just now is left for the next turn.
DUE = """
SELECT c.id, c.reminded_of, u.email, u.full_name, u.id AS user_id, held.content, held.touched_at
FROM carts c JOIN users u ON u.id = c.user_id
JOIN LATERAL (
  SELECT md5(string_agg(l.variant_id::text || ':' || l.quantity, ',' ORDER BY l.variant_id)) AS content,
    max(greatest(l.created_at, l.updated_at)) AS touched_at
  FROM cart_lines l WHERE l.cart_id = c.id AND NOT l.is_saved) held ON held.content IS NOT NULL
WHERE u.accepts_marketing AND u.is_active AND u.erased_at IS NULL AND u.email_verified_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM checkouts k WHERE k.cart_id = c.id AND k.status IN ('open', 'processing'))
  AND NOT EXISTS (SELECT 1 FROM orders o
                  WHERE (o.user_id = u.id OR o.email_key = lower(u.email)) AND o.placed_at >= held.touched_at)
"""

CLAIM = text(f"""
WITH due AS ({DUE}
  AND held.touched_at BETWEEN :since AND :until
  AND (c.reminded_of IS NULL OR split_part(c.reminded_of, ' ', 2) <> held.content
       AND CAST(split_part(c.reminded_of, ' ', 1) AS timestamptz) < held.touched_at)
  ORDER BY c.id LIMIT :limit),
free AS (
  SELECT c.id FROM carts c WHERE c.id IN (SELECT id FROM due) ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED)
UPDATE carts c SET reminded_of = to_char(due.touched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  || ' ' || due.content
FROM due JOIN free ON free.id = due.id WHERE c.id = due.id AND c.reminded_of IS NOT DISTINCT FROM due.reminded_of
RETURNING c.id
""")  # noqa: S608 - the pieces are constants of this module

FIND = text(f"{DUE} AND c.id = :id AND split_part(c.reminded_of, ' ', 2) = held.content")


@dataclass(frozen=True)
class LeftCart:
    """A cart to remind its owner of. ``content`` is the fingerprint of what it holds."""

    id: UUID
    user_id: UUID
    email: str
    full_name: str
    content: str


async def claim(session: AsyncSession, *, since: datetime, until: datetime, limit: int) -> list[UUID]:
    """Take the carts that were last touched between ``since`` and ``until``, each once per content."""
    values = {"since": since, "until": until, "limit": limit}
    return list((await session.execute(CLAIM, values)).scalars())


async def find(session: AsyncSession, cart_id: UUID) -> LeftCart | None:
    """Return a claimed cart if it still holds the same and its owner still has neither bought nor unsubscribed."""
    row = (await session.execute(FIND, {"id": cart_id})).one_or_none()
    return LeftCart(row.id, row.user_id, row.email, row.full_name, row.content) if row else None


async def stop(session: AsyncSession, user_id: UUID) -> bool:
    """Write to this account about its cart no more; False where there is no such account."""
    statement = text("UPDATE users SET accepts_marketing = false WHERE id = :id RETURNING id")
    return (await session.execute(statement, {"id": user_id})).scalar_one_or_none() is not None
