"""Who waits for what is sold out: those who asked for an e-mail, and those who have it on their wishlist."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.lib.ids import new_id

# Sold out means that there is none, not that the last ones are in somebody's checkout: those often come back.
NOTE_SOLD_OUT = text("""
UPDATE wishlist_items w SET sold_out_at = now()
FROM (SELECT i.wishlist_id, i.product_id FROM wishlist_items i
      WHERE i.sold_out_at IS NULL
        AND EXISTS (SELECT 1 FROM variants v WHERE v.product_id = i.product_id)
        AND NOT EXISTS (SELECT 1 FROM variants v WHERE v.product_id = i.product_id AND v.stock > 0)
      ORDER BY i.wishlist_id, i.product_id FOR UPDATE SKIP LOCKED) gone
WHERE w.wishlist_id = gone.wishlist_id AND w.product_id = gone.product_id
""")

CLAIM_ALERTS = text("""
UPDATE stock_alerts a SET notified_at = now()
FROM (SELECT s.id, v.product_id FROM stock_alerts s
      JOIN variants v ON v.id = s.variant_id JOIN products p ON p.id = v.product_id
      WHERE s.notified_at IS NULL AND v.stock - v.reserved > 0 AND p.status = 'active'
      ORDER BY s.id LIMIT :limit FOR UPDATE OF s SKIP LOCKED) due
WHERE a.id = due.id AND a.notified_at IS NULL
RETURNING a.id, a.email_key, due.product_id
""")

CLAIM_WISHES = text("""
WITH due AS (
  SELECT i.wishlist_id, i.product_id FROM wishlist_items i JOIN products p ON p.id = i.product_id
  WHERE i.sold_out_at IS NOT NULL AND p.status = 'active'
    AND EXISTS (SELECT 1 FROM variants v WHERE v.product_id = i.product_id AND v.stock - v.reserved > 0)
  ORDER BY i.wishlist_id, i.product_id LIMIT :limit FOR UPDATE OF i SKIP LOCKED),
back AS (
  UPDATE wishlist_items w SET sold_out_at = NULL FROM due
  WHERE w.wishlist_id = due.wishlist_id AND w.product_id = due.product_id AND w.sold_out_at IS NOT NULL
  RETURNING w.wishlist_id, w.product_id)
SELECT back.product_id, u.id AS user_id, u.email,
  (SELECT v.id FROM variants v WHERE v.product_id = back.product_id AND v.stock - v.reserved > 0
   ORDER BY v.position, v.id LIMIT 1) AS variant_id
FROM back JOIN wishlists l ON l.id = back.wishlist_id JOIN users u ON u.id = l.user_id
WHERE u.is_active AND u.erased_at IS NULL AND u.accepts_stock_mails
ORDER BY back.product_id, u.id
""")

# A wish is noted as asked and answered in one moment; who asked before was answered later.
FIND = text("""
SELECT a.email, a.user_id, p.name, p.slug, v.price_minor, v.option_values,
  (SELECT array_agg(o.name ORDER BY o.position) FROM product_options o WHERE o.product_id = p.id) AS option_names,
  i.public_id AS image_public_id, i.alt AS image_alt, i.colour AS image_colour,
  a.created_at = a.notified_at AS is_wish,
  p.status = 'active' AND (u.id IS NULL OR u.erased_at IS NULL AND u.is_active
    AND (u.accepts_stock_mails OR a.created_at <> a.notified_at)) AS is_wanted
FROM stock_alerts a JOIN variants v ON v.id = a.variant_id JOIN products p ON p.id = v.product_id
LEFT JOIN users u ON u.id = a.user_id
LEFT JOIN LATERAL (
  SELECT i.public_id, i.alt, i.colour FROM images i WHERE i.id = v.image_id OR i.product_id = p.id
  ORDER BY (i.id = v.image_id) DESC NULLS LAST, i.position LIMIT 1) i ON true
WHERE a.id = :id AND a.notified_at IS NOT NULL
""")


@dataclass(frozen=True)
class ClaimedAlert:
    """An alert whose e-mail goes out now."""

    id: UUID
    email_key: str
    product_id: UUID


@dataclass(frozen=True)
class WishRow:
    """Somebody who wishes for a product that can be had again, and a variant of it that can."""

    product_id: UUID
    user_id: UUID
    email: str
    variant_id: UUID


@dataclass(frozen=True)
class AlertRow:
    """An alert with what its e-mail shows. ``is_wanted``: still on sale, and its reader still wants to hear."""

    email: str
    user_id: UUID | None
    name: str
    slug: str
    price_minor: int
    options: dict[str, str]
    image_public_id: str | None
    image_alt: str
    image_colour: str | None
    is_wish: bool
    is_wanted: bool


async def note_sold_out(session: AsyncSession) -> None:
    """Remember which wished products have nothing left."""
    await session.execute(NOTE_SOLD_OUT)


async def claim_alerts(session: AsyncSession, limit: int) -> list[ClaimedAlert]:
    """Take the alerts whose variant can be had again. Each is taken once, however many take at once."""
    return [ClaimedAlert(*row) for row in await session.execute(CLAIM_ALERTS, {"limit": limit})]


async def claim_wishes(session: AsyncSession, limit: int) -> list[WishRow]:
    """Take the wishes that can be had again, of those who want to hear of it. Each is taken once."""
    return [
        WishRow(row.product_id, row.user_id, row.email, row.variant_id)
        for row in await session.execute(CLAIM_WISHES, {"limit": limit})
    ]


async def insert_answered(session: AsyncSession, wish: WishRow) -> UUID:
    """Note that somebody is told now of what they wish for."""
    alert_id = new_id()
    await session.execute(
        text("""
        INSERT INTO stock_alerts (id, variant_id, user_id, email, email_key, created_at, notified_at)
        VALUES (:id, :variant_id, :user_id, :email, :email_key, now(), now())
        """),
        {
            "id": alert_id,
            "variant_id": wish.variant_id,
            "user_id": wish.user_id,
            "email": wish.email,
            "email_key": email_key(wish.email),
        },
    )
    return alert_id


async def find(session: AsyncSession, alert_id: UUID) -> AlertRow | None:
    """Return an alert that was claimed."""
    row: Any = (await session.execute(FIND, {"id": alert_id})).one_or_none()
    if row is None:
        return None
    return AlertRow(
        email=row.email,
        user_id=row.user_id,
        name=row.name,
        slug=row.slug,
        price_minor=row.price_minor,
        options=dict(zip(row.option_names or (), row.option_values, strict=False)),
        image_public_id=row.image_public_id,
        image_alt=row.image_alt or row.name,
        image_colour=row.image_colour,
        is_wish=row.is_wish,
        is_wanted=row.is_wanted,
    )


async def stop(session: AsyncSession, alert_id: UUID) -> bool:
    """Stop word about stock to whom an alert belongs: what waits is dropped, wishes are not written about any more.

    Returns False where there is no such alert.
    """
    values = {"id": alert_id}
    found = (await session.execute(text("SELECT email_key FROM stock_alerts WHERE id = :id"), values)).one_or_none()
    if found is None:
        return False
    await session.execute(
        text("DELETE FROM stock_alerts WHERE email_key = :key AND notified_at IS NULL"), {"key": found.email_key}
    )
    await session.execute(
        text("""
        UPDATE users SET accepts_stock_mails = false
        WHERE id = (SELECT user_id FROM stock_alerts WHERE id = :id) AND accepts_stock_mails
        """),
        values,
    )
    return True


async def ask(session: AsyncSession, variant_id: UUID, email: str, user_id: UUID | None) -> bool:
    """Note that somebody wants to hear when a variant is back; asking again changes nothing.

    Returns False where there is no such variant of a product on sale.
    """
    statement = text("""
        WITH wanted AS (
          SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id
          WHERE v.id = :variant_id AND p.status = 'active'),
        asked AS (
          INSERT INTO stock_alerts (id, variant_id, user_id, email, email_key, created_at)
          SELECT :id, wanted.id, :user_id, :email, :email_key, now() FROM wanted
          ON CONFLICT (variant_id, email_key) WHERE notified_at IS NULL DO NOTHING)
        SELECT count(*) FROM wanted
    """)
    values = {
        "id": new_id(),
        "variant_id": variant_id,
        "user_id": user_id,
        "email": email,
        "email_key": email_key(email),
    }
    return bool((await session.execute(statement, values)).scalar_one())
