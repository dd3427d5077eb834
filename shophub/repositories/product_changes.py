"""Quick changes of products: one number of a variant, or one property of many products.

A product is locked before its variants, and both in the order of their ids, as the editor does it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession

LOCK_PRODUCT = text("""
SELECT id FROM products WHERE id = (SELECT product_id FROM variants WHERE id = :id) FOR NO KEY UPDATE
""")
LOCK_VARIANT = text("""
SELECT id, product_id, sku, price_minor, compare_at_minor, stock, reserved FROM variants WHERE id = :id
FOR NO KEY UPDATE
""")
SET_STOCK = text("""
UPDATE variants SET stock = stock + :change, version = version + 1, updated_at = now() WHERE id = :id
""")
SET_PRICE = text("""
UPDATE variants SET price_minor = :price_minor, version = version + 1, updated_at = now() WHERE id = :id
""")
LAST_STOCK_CHANGE = text("""
SELECT coalesce(u.full_name, '') AS name, l.reason FROM stock_ledger l LEFT JOIN users u ON u.id = l.actor_id
WHERE l.variant_id = :id ORDER BY l.id DESC LIMIT 1
""")
LOCK_PRODUCTS = text("SELECT id FROM products WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE")
LOCK_VARIANTS_OF = text("""
SELECT id, product_id, sku, price_minor, compare_at_minor, stock, reserved FROM variants
WHERE product_id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE
""")


@dataclass(frozen=True)
class VariantNumbers:
    """A variant's numbers, locked."""

    id: UUID
    product_id: UUID
    sku: str
    price_minor: int
    compare_at_minor: int | None
    stock: int
    reserved: int


async def lock_variant(session: AsyncSession, variant_id: UUID) -> VariantNumbers | None:
    """Return a variant that nobody else changes until the transaction ends."""
    await session.execute(LOCK_PRODUCT, {"id": variant_id})
    row = (await session.execute(LOCK_VARIANT, {"id": variant_id})).one_or_none()
    return None if row is None else VariantNumbers(*row)


async def change_stock(session: AsyncSession, variant_id: UUID, change: int) -> None:
    """Add to a locked variant's stock; its row of the ledger is the caller's to write."""
    await session.execute(SET_STOCK, {"id": variant_id, "change": change})


async def set_price(session: AsyncSession, variant_id: UUID, price_minor: int) -> None:
    """Set a locked variant's price."""
    await session.execute(SET_PRICE, {"id": variant_id, "price_minor": price_minor})


async def find_last_stock_change(session: AsyncSession, variant_id: UUID) -> tuple[str, str]:
    """Return who changed a variant's stock last (nothing: nobody of the staff) and why."""
    row = (await session.execute(LAST_STOCK_CHANGE, {"id": variant_id})).one_or_none()
    return (row.name, row.reason) if row else ("", "")


async def lock_products(session: AsyncSession, ids: Sequence[UUID]) -> list[UUID]:
    """Return those of the products that there are; nobody else changes them until the transaction ends."""
    return list((await session.execute(LOCK_PRODUCTS, {"ids": list(ids)})).scalars())


async def lock_variants_of(session: AsyncSession, ids: Sequence[UUID]) -> list[VariantNumbers]:
    """Return the variants of locked products, locked too."""
    return [VariantNumbers(*row) for row in await session.execute(LOCK_VARIANTS_OF, {"ids": list(ids)})]


async def set_status(session: AsyncSession, statuses: dict[UUID, str]) -> dict[UUID, str]:
    """Give locked products a status each; returns what those had that were changed. One statement."""
    rows = await session.execute(
        text("""
        WITH wanted AS (
          SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[])) AS w(id, status)),
        before AS (
          SELECT p.id, p.status FROM products p JOIN wanted w ON w.id = p.id WHERE p.status <> w.status)
        UPDATE products p SET status = w.status, version = p.version + 1, updated_at = now()
        FROM before JOIN wanted w ON w.id = before.id WHERE p.id = before.id
        RETURNING p.id, before.status
        """),
        {"ids": list(statuses), "statuses": list(statuses.values())},
    )
    return {row.id: row.status for row in rows}


async def set_tags(session: AsyncSession, tags: dict[UUID, list[str]]) -> dict[UUID, list[str]]:
    """Give locked products these tags; returns what those had that were changed. One statement."""
    rows = await session.execute(
        text("""
        WITH wanted AS (
          SELECT w.id, ARRAY(SELECT jsonb_array_elements_text(CAST(w.tags AS jsonb))) AS tags
          FROM unnest(CAST(:ids AS uuid[]), CAST(:tags AS text[])) AS w(id, tags)),
        before AS (SELECT p.id, p.tags FROM products p JOIN wanted w ON w.id = p.id WHERE p.tags <> w.tags)
        UPDATE products p SET tags = w.tags, version = p.version + 1, updated_at = now()
        FROM before JOIN wanted w ON w.id = before.id WHERE p.id = before.id
        RETURNING p.id, before.tags
        """),
        {"ids": list(tags), "tags": [_json(one) for one in tags.values()]},
    )
    return {row.id: list(row.tags) for row in rows}


async def list_tags(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return the tags of products."""
    rows = await session.execute(
        text("SELECT id, tags FROM products WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id"), {"ids": list(ids)}
    )
    return {row.id: list(row.tags) for row in rows}


async def set_prices(session: AsyncSession, prices: dict[UUID, int]) -> None:
    """Give locked variants a price each. One statement."""
    await session.execute(
        text("""
        UPDATE variants v SET price_minor = w.price, version = v.version + 1, updated_at = now()
        FROM unnest(CAST(:ids AS uuid[]), CAST(:prices AS bigint[])) AS w(id, price) WHERE v.id = w.id
        """),
        {"ids": list(prices), "prices": list(prices.values())},
    )


def _json(tags: list[str]) -> str:
    return json.dumps(tags)


async def find_last_editor(session: AsyncSession, product_id: UUID) -> str:
    """Return the name of who changed a product last, nothing where the log knows nobody."""
    statement = text("""
        SELECT coalesce(u.full_name, '') FROM audit_log a LEFT JOIN users u ON u.id = a.actor_id
        WHERE a.target_type = 'product' AND a.target_id = :id ORDER BY a.id DESC LIMIT 1
    """)
    return str((await session.execute(statement, {"id": str(product_id)})).scalar_one_or_none() or "")


async def list_statuses(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the status of products."""
    rows = await session.execute(
        text("SELECT id, status FROM products WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(ids)}
    )
    return {row.id: row.status for row in rows}
