"""Products with all that programs read of them. The database builds the JSON, a whole page in one statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from shophub.db import AsyncSession
from shophub.repositories.catalog import VISIBLE

# What the rest of a statement reads of the settings, once.
SHOP = "shop AS MATERIALIZED (SELECT currency, reviews_enabled FROM store_settings WHERE id = 1)"
UTC = """to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
# Of a product ``p`` in a ``shop``. Pictures are pairs of a public id and a text: addresses are not the database's.
RECORD = f"""json_build_object(
  'id', p.id, 'slug', p.slug, 'name', p.name, 'description', p.description, 'price', p.price_from_minor,
  'compareAtPrice', v.compare_at_minor, 'currency', shop.currency,
  'category', json_build_object('slug', c.slug, 'name', c.name), 'brand', p.brand, 'tags', p.tags,
  'image', '', 'images', coalesce(i.images, '[]'), 'stock', coalesce(v.stock, 0),
  'averageRating', CASE WHEN shop.reviews_enabled AND p.rating_count > 0
    THEN round(p.rating_sum::numeric / p.rating_count, 2) ELSE 0 END,
  'reviewCount', CASE WHEN shop.reviews_enabled THEN p.rating_count ELSE 0 END, 'status', p.status,
  'options', coalesce(o.options, '[]'), 'variants', coalesce(v.variants, '[]'),
  'createdAt', {UTC.format(column="p.created_at")}, 'updatedAt', {UTC.format(column="p.updated_at")})"""
RECORD_JOINS = """
JOIN categories c ON c.id = p.category_id
LEFT JOIN LATERAL (
  SELECT array_agg(o.name ORDER BY o.position) AS names,
    json_agg(json_build_object('name', o.name, 'values', o.values) ORDER BY o.position) AS options
  FROM product_options o WHERE o.product_id = p.id) o ON true
LEFT JOIN LATERAL (
  SELECT sum(greatest(v.stock - v.reserved, 0)) AS stock,
    (array_agg(v.compare_at_minor ORDER BY v.price_minor, v.position))[1] AS compare_at_minor,
    json_agg(json_build_object(
      'id', v.id, 'sku', v.sku,
      'options', coalesce(
        json_object(o.names[1 : cardinality(v.option_values)], v.option_values[1 : cardinality(o.names)]), '{}'),
      'price', v.price_minor, 'compareAtPrice', v.compare_at_minor, 'stock', greatest(v.stock - v.reserved, 0))
      ORDER BY v.position, v.id) AS variants
  FROM variants v WHERE v.product_id = p.id) v ON true
LEFT JOIN LATERAL (
  SELECT json_agg(json_build_array(i.public_id, i.alt) ORDER BY i.position, i.id) AS images
  FROM images i WHERE i.product_id = p.id) i ON true
"""


def _one(condition: str) -> TextClause:
    return text(f"""
        WITH {SHOP}
        SELECT {RECORD}::text FROM products p CROSS JOIN shop {RECORD_JOINS} WHERE {condition}
    """)  # noqa: S608 - the pieces are constants of ours


BY_SLUG = _one(f"p.slug = :slug AND {VISIBLE}")
BY_ID = _one(f"p.id = :id AND {VISIBLE}")
ANY_BY_ID = _one("p.id = :id")

REVIEW_ORDERS = {
    "newest": "r.created_at DESC, r.id DESC",
    "helpful": "r.helpful_count DESC, r.created_at DESC, r.id DESC",
    "highest": "r.rating DESC, r.created_at DESC, r.id DESC",
    "lowest": "r.rating, r.created_at DESC, r.id DESC",
}
REVIEWS = """
WITH {shop}, product AS MATERIALIZED (SELECT p.id FROM products p WHERE {condition} AND {visible}),
shown AS (
  SELECT r.* FROM reviews r WHERE r.product_id = (SELECT id FROM product) AND NOT r.is_hidden
  ORDER BY {order} LIMIT :limit OFFSET :offset)
SELECT shop.reviews_enabled, (SELECT id FROM product) AS product_id,
  (SELECT count(*) FROM (
    SELECT FROM reviews r WHERE r.product_id = (SELECT id FROM product) AND NOT r.is_hidden LIMIT :most) counted) AS n,
  (SELECT json_agg(json_build_object('id', r.id, 'rating', r.rating, 'comment', r.comment, 'author', r.author_name,
     'verified', r.order_id IS NOT NULL, 'helpful', r.helpful_count,
     'createdAt', {created}, 'updatedAt', {updated}) ORDER BY {order})::text FROM shown r) AS items
FROM shop
"""


@dataclass(frozen=True)
class ReviewPage:
    """A page of a product's reviews as JSON. ``product_id`` is empty where no such product is on sale."""

    is_on: bool
    product_id: UUID | None
    total: int
    items: str


async def find_by_slug(session: AsyncSession, slug: str) -> str | None:
    """Return the JSON of the visible product with that slug. One statement."""
    return await _find(session, BY_SLUG, {"slug": slug})


async def find_by_id(session: AsyncSession, product_id: UUID, *, visible_only: bool = True) -> str | None:
    """Return the JSON of a product; without ``visible_only`` whatever its status. One statement."""
    return await _find(session, BY_ID if visible_only else ANY_BY_ID, {"id": product_id})


async def list_reviews(
    session: AsyncSession, key: str | UUID, *, sort: str, limit: int, offset: int, most: int
) -> ReviewPage:
    """Return a page of the visible reviews of a product, by slug or id, counted up to ``most``. One statement.

    ``sort`` is a key of ``REVIEW_ORDERS``.
    """
    statement = REVIEWS.format(
        shop=SHOP,
        condition="p.id = :key" if isinstance(key, UUID) else "p.slug = :key",
        visible=VISIBLE,
        order=REVIEW_ORDERS[sort],
        created=UTC.format(column="r.created_at"),
        updated=UTC.format(column="r.updated_at"),
    )
    values = {"key": key, "limit": limit, "offset": offset, "most": most}
    row = (await session.execute(text(statement), values)).one()
    return ReviewPage(row.reviews_enabled, row.product_id, row.n, row.items or "[]")


async def _find(session: AsyncSession, statement: TextClause, values: dict[str, Any]) -> str | None:
    found: str | None = (await session.execute(statement, values)).scalar_one_or_none()
    return found
