"""Variants that run low, and who has been told."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.ids import new_id

KIND = "low_stock"

# A row that somebody else is changing just now is left for the next turn: no shopper waits for this, nor this for one.
RECOVERED = text("""
UPDATE variants SET low_stock_told_at = NULL WHERE id IN (
  SELECT v.id FROM variants v CROSS JOIN store_settings s
  WHERE v.low_stock_told_at IS NOT NULL AND v.stock > s.low_stock_threshold
  ORDER BY v.id FOR NO KEY UPDATE OF v SKIP LOCKED)
""")

TELL = text("""
WITH low AS (
  SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id CROSS JOIN store_settings s
  WHERE v.stock <= s.low_stock_threshold AND v.low_stock_told_at IS NULL AND p.status = 'active'
  ORDER BY v.id FOR NO KEY UPDATE OF v SKIP LOCKED),
told AS (
  UPDATE variants v SET low_stock_told_at = now() FROM low WHERE v.id = low.id
  RETURNING v.product_id, v.sku, v.stock, v.option_values)
SELECT p.name, p.slug, told.sku, told.stock, told.option_values,
  (SELECT array_agg(o.name ORDER BY o.position) FROM product_options o WHERE o.product_id = p.id) AS option_names
FROM told JOIN products p ON p.id = told.product_id ORDER BY told.stock, p.name, told.sku
""")


@dataclass(frozen=True)
class StaffRow:
    """Somebody who works here."""

    id: UUID
    email: str


async def forget_recovered(session: AsyncSession) -> None:
    """Let variants that have enough again be told about the next time that they run low."""
    await session.execute(RECOVERED)


async def tell(session: AsyncSession) -> list[dict[str, Any]]:
    """Mark the active variants that run low and that nobody was told of, and return them, the scarcest first."""
    return [
        {
            "name": row.name,
            "slug": row.slug,
            "sku": row.sku,
            "stock": row.stock,
            "options": dict(zip(row.option_names or (), row.option_values, strict=False)),
        }
        for row in await session.execute(TELL)
    ]


async def insert_digest(session: AsyncSession, items: list[dict[str, Any]]) -> UUID:
    """Keep what an e-mail to several people is about, so that each gets the same."""
    digest_id = new_id()
    await session.execute(
        text("INSERT INTO digests (id, kind, items) VALUES (:id, :kind, CAST(:items AS jsonb))"),
        {"id": digest_id, "kind": KIND, "items": json.dumps(items)},
    )
    return digest_id


async def find_digest(session: AsyncSession, digest_id: UUID) -> list[dict[str, Any]] | None:
    """Return what a digest is about."""
    statement = text("SELECT items FROM digests WHERE id = :id AND kind = :kind")
    items: list[dict[str, Any]] | None = (
        await session.execute(statement, {"id": digest_id, "kind": KIND})
    ).scalar_one_or_none()
    return items


async def list_staff(session: AsyncSession, user_id: UUID | None = None) -> list[StaffRow]:
    """Return the active admins; with an id that one only, if it is one."""
    statement = text("""
        SELECT id, email FROM users
        WHERE role IN ('ADMIN', 'SUPER_ADMIN') AND is_active AND erased_at IS NULL
          AND (CAST(:id AS uuid) IS NULL OR id = :id)
        ORDER BY id
    """)
    return [StaffRow(*row) for row in await session.execute(statement, {"id": user_id})]
