"""Products as the staff's programs read them, and what has to be known before one is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.pagination import COUNTED_TO
from shophub.lib.tables import TableQuery
from shophub.repositories.product_editing import VariantState
from shophub.repositories.product_list import narrowed

# Counting on is not worth it: "at least so many" is said then.
COUNT_LIMIT = COUNTED_TO
_ASKED = "(to_tsquery('simple', :words) || to_tsquery('english', :words))"
# What has the SKU that was asked for comes first. Each ends with the id, so that no page shows a product twice.
ORDERS = {
    "relevance": (f"CASE WHEN (p.search @@ {_ASKED}) IS TRUE THEN ts_rank(p.search, {_ASKED}) ELSE 1 END", "DESC"),
    "newest": ("p.created_at", "DESC"),
    "price_asc": ("coalesce(p.price_from_minor, 0)", "ASC"),
    "price_desc": ("coalesce(p.price_from_minor, 0)", "DESC"),
    "rating": ("p.rating_sum::bigint * 10000 / greatest(p.rating_count, 1)", "DESC"),
    "best_selling": ("p.sold_count", "DESC"),
}
READ = text("""
SELECT p.id, p.version, p.slug, p.name, p.description, p.brand, p.tags, p.status, p.rating_sum, p.rating_count,
  p.created_at, p.updated_at, c.slug AS category_slug, c.name AS category_name,
  (SELECT jsonb_agg(jsonb_build_array(o.name, o.values) ORDER BY o.position)
   FROM product_options o WHERE o.product_id = p.id) AS options,
  (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'version', v.version, 'values', v.option_values,
     'position', v.position, 'sku', v.sku, 'price_minor', v.price_minor, 'compare_at_minor', v.compare_at_minor,
     'stock', v.stock, 'reserved', v.reserved, 'picture', '', 'is_ordered', false) ORDER BY v.position, v.id)
   FROM variants v WHERE v.product_id = p.id) AS variants,
  (SELECT jsonb_agg(jsonb_build_array(i.public_id, i.alt) ORDER BY i.position, i.id)
   FROM images i WHERE i.product_id = p.id) AS pictures
FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted(id, place)
JOIN products p ON p.id = wanted.id JOIN categories c ON c.id = p.category_id ORDER BY wanted.place
""")
TAKEN_SLUGS = text("""
SELECT slug FROM products WHERE slug = ANY(CAST(:slugs AS text[]))
UNION SELECT slug FROM slug_redirects WHERE slug = ANY(CAST(:slugs AS text[]))
""")
KNOWN_PICTURES = text("""
SELECT public_id FROM images WHERE product_id = :product_id AND public_id = ANY(CAST(:ids AS text[]))
UNION SELECT public_id FROM loose_pictures WHERE gone_at IS NULL AND public_id = ANY(CAST(:ids AS text[]))
""")


@dataclass(frozen=True)
class AdminProductRow:
    """A product with everything that programs of the staff are told."""

    id: UUID
    version: int
    slug: str
    name: str
    description: str
    brand: str | None
    tags: list[str]
    status: str
    rating_sum: int
    rating_count: int
    created_at: datetime
    updated_at: datetime
    category_slug: str
    category_name: str
    options: tuple[tuple[str, tuple[str, ...]], ...]
    variants: tuple[VariantState, ...]
    pictures: tuple[tuple[str, str], ...]


async def count_products(session: AsyncSession, query: TableQuery, words: Sequence[str]) -> int:
    """Return how many products a query finds, at most one more than ``COUNT_LIMIT``. One statement."""
    left = narrowed(query, words, with_tab=True)
    statement = f"SELECT count(*) FROM (SELECT 1 FROM ({left.every('p.id')}) found LIMIT {COUNT_LIMIT + 1}) counted"  # noqa: S608 - the pieces are constants of ours
    return int((await session.execute(text(statement), left.values)).scalar_one())


async def list_ids(
    session: AsyncSession, query: TableQuery, words: Sequence[str], *, sort: str, limit: int, offset: int
) -> list[UUID]:
    """Return a page of what a query finds. One statement."""
    left = narrowed(query, words, with_tab=True)
    expression, way = ORDERS["newest" if sort == "relevance" and not words else sort]
    statement = f"""
        SELECT id FROM ({left.every(f"p.id, {expression} AS edge")}) found
        ORDER BY edge {way}, id {way} LIMIT :limit OFFSET :offset
    """  # noqa: S608
    values = {**left.values, "limit": limit, "offset": offset}
    return list((await session.execute(text(statement), values)).scalars())


async def read(session: AsyncSession, ids: Sequence[UUID]) -> list[AdminProductRow]:
    """Return the products that there are, in the order of their ids here. One statement."""
    return [_row(one) for one in (await session.execute(READ, {"ids": list(ids)})).mappings()]


async def find_category_id(session: AsyncSession, slug: str) -> UUID | None:
    """Return which category has that slug now."""
    found = await session.execute(text("SELECT id FROM categories WHERE slug = :slug"), {"slug": slug})
    return found.scalar_one_or_none()


async def list_taken_slugs(session: AsyncSession, slugs: Sequence[str]) -> frozenset[str]:
    """Return which of these lead to a product, or did; until the transaction ends others who ask so for the same wait.

    Without the wait two new products of one name would find the same slug free.
    """
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('product-slug:' || CAST(:slug AS text), 0))"),
        {"slug": slugs[0]},
    )
    return frozenset((await session.execute(TAKEN_SLUGS, {"slugs": list(slugs)})).scalars())


async def list_known_pictures(session: AsyncSession, product_id: UUID, ids: Sequence[str]) -> frozenset[str]:
    """Return which of these pictures the product may show: its own, and those that were uploaded and show nowhere."""
    return frozenset((await session.execute(KNOWN_PICTURES, {"product_id": product_id, "ids": list(ids)})).scalars())


def _row(row: Mapping[Any, Any]) -> AdminProductRow:
    own: dict[str, Any] = {**row, "tags": list(row["tags"])}
    own["options"] = tuple((name, tuple(values)) for name, values in row["options"] or ())
    own["variants"] = tuple(
        VariantState(**{**one, "id": UUID(one["id"]), "values": tuple(one["values"])}) for one in row["variants"] or ()
    )
    own["pictures"] = tuple((public_id, alt) for public_id, alt in row["pictures"] or ())
    return AdminProductRow(**own)
